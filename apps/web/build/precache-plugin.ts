import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin, Rolldown } from "vite";

const PLACE = "__TUTTI_PRECACHE__";

/** The name of the service worker's own file: it must stay the same for ever, and lie at the root that it serves. */
export const SERVICE_WORKER = "service-worker.js";

/** Tells the service worker which files the build has, and a version that changes with any of them. */
export function precache(): Plugin {
  let publicFolder = "";
  return {
    name: "tutti-precache",
    enforce: "post",
    configResolved: (config) => {
      publicFolder = config.publicDir;
    },
    generateBundle: {
      order: "post",
      handler: (_options, bundle) => {
        const worker = bundle[SERVICE_WORKER];
        if (worker?.type !== "chunk" || !worker.code.includes(PLACE)) {
          throw new Error(`${SERVICE_WORKER} has no place for the list of files`);
        }
        const files = new Map([...builtFiles(bundle), ...publicFiles(publicFolder)]);
        worker.code = worker.code.replace(PLACE, JSON.stringify(describe(files)));
      },
    },
  };
}

type Content = string | Uint8Array;

function builtFiles(bundle: Rolldown.OutputBundle): readonly (readonly [string, Content])[] {
  return Object.values(bundle)
    .filter(({ fileName }) => fileName !== SERVICE_WORKER && !fileName.endsWith(".map"))
    .map((file) => [file.fileName, file.type === "chunk" ? file.code : file.source]);
}

function publicFiles(folder: string): readonly (readonly [string, Content])[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [path.slice(folder.length + 1).replaceAll("\\", "/"), readFileSync(path)];
  });
}

function describe(files: ReadonlyMap<string, Content>): {
  readonly version: string;
  readonly files: readonly string[];
} {
  const names = [...files.keys()].sort();
  const hash = createHash("sha256");
  for (const name of names)
    hash
      .update(name)
      .update("\0")
      .update(files.get(name) ?? "")
      .update("\0");
  return { version: hash.digest("hex").slice(0, 16), files: names.map((name) => `/${name}`) };
}
