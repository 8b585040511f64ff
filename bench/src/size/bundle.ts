import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type OutputChunk, rolldown } from "rolldown";

/** Bytes that a browser loads to have the SDK: client, protocol and ot, minified and gzipped. */
export const LARGEST_BUNDLE = 30_000;

/** A part of the bundle. */
export interface Part {
  /** `client`, or `client/connection/link` for a module. */
  readonly name: string;
  /** Characters of minified code. */
  readonly minified: number;
  /** Bytes by which the gzipped bundle is larger than it would be without this part. */
  readonly gzipped: number;
}

export interface BundleSize {
  readonly minified: number;
  readonly gzipped: number;
  /** Largest first. */
  readonly packages: readonly Part[];
  /** Largest first. */
  readonly modules: readonly Part[];
}

/**
 * Bundles the client as a browser gets it, from the sources of this checkout.
 *
 * @param entry the module to bundle; left out: the root export of `@tutti/client`, all of it
 */
export async function measureBundle(entry = "@tutti/client"): Promise<BundleSize> {
  const { code, map } = await bundle(entry);
  const owners = ownersOf(code, map);
  const modules = [...new Set(owners)].filter((name) => name !== "");
  const packages = [...new Set(modules.map(packageOf))];
  return {
    minified: code.length,
    gzipped: gzipped(code),
    packages: parts(code, packages, (name) => (index) => packageOf(owners[index] ?? "") === name),
    modules: parts(code, modules, (name) => (index) => owners[index] === name),
  };
}

async function bundle(entry: string): Promise<OutputChunk> {
  const build = await rolldown({
    input: entry,
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    platform: "browser",
    resolve: { conditionNames: ["source", "browser", "import", "default"] },
    transform: { target: "es2022" },
  });
  try {
    const { output } = await build.generate({ format: "esm", minify: true, sourcemap: true });
    const [chunk, ...others] = output.filter((file) => file.type === "chunk");
    if (chunk === undefined || others.length > 0) throw new Error("the client is expected to be one chunk");
    return chunk;
  } finally {
    await build.close();
  }
}

const gzipped = (code: string): number => gzipSync(code, { level: 9 }).length;

/** The module of each character of the bundle; "" for what belongs to none. */
function ownersOf(code: string, map: OutputChunk["map"]): readonly string[] {
  if (map === null) throw new Error("the bundle has no source map");
  const sources = new SourceMap({ ...map, file: map.file ?? "", sourceRoot: "" });
  return code.split("\n").flatMap((line, row) =>
    [...`${line}\n`].map((_, column) => {
      const entry = sources.findEntry(row, column);
      return "originalSource" in entry ? nameOf(entry.originalSource) : "";
    }),
  );
}

/** `…/packages/ot/src/tree.ts` is `ot/tree`. */
const nameOf = (source: string): string =>
  /packages\/([^/]+)\/src\/(.+)\.ts$/.exec(source)?.slice(1).join("/") ?? source;
const packageOf = (module: string): string => module.slice(0, module.indexOf("/"));

function parts(code: string, names: readonly string[], owns: (name: string) => (index: number) => boolean): Part[] {
  const whole = gzipped(code);
  return names
    .map((name) => {
      const mine = owns(name);
      const rest = [...code].filter((_, index) => !mine(index)).join("");
      return { name, minified: code.length - rest.length, gzipped: whole - gzipped(rest) };
    })
    .sort((a, b) => b.gzipped - a.gzipped);
}
