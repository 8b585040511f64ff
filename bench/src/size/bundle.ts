import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type OutputChunk, rolldown } from "rolldown";

/** Bytes that a browser loads to start the SDK: client, protocol and ot, minified and gzipped. */
export const LARGEST_START = 30_800;
/** What they should come down to. */
export const AIM = 30_000;

/** A part of the bundle. */
export interface Part {
  /** `client`; `client/connection/link` for a module. */
  readonly name: string;
  /** Characters of minified code. */
  readonly minified: number;
  /** Bytes by which the gzipped bundle is larger than it would be without this part. */
  readonly gzipped: number;
}

export interface BundleSize {
  /** What is loaded at once. */
  readonly start: Omit<Part, "name">;
  /** Of what is loaded at once, largest first. */
  readonly packages: readonly Part[];
  /** Likewise. */
  readonly modules: readonly Part[];
  /** What is loaded only where it is needed. */
  readonly later: readonly Part[];
}

const CLIENT = "@tutti/client";
/** What a program may import besides, and then loads as well. */
const OPTIONAL = ["@tutti/client/offline", "@tutti/client/find"];

/** Bundles all that `@tutti/client` exports as a browser gets it, from the sources of this checkout. */
export async function measureBundle(): Promise<BundleSize> {
  const chunks = await bundle([CLIENT]);
  const start = startOf(chunks, CLIENT);
  const code = start.map((chunk) => chunk.code).join("");
  const owners = start.flatMap(ownersOf);
  const modules = [...new Set(owners)].filter((name) => name !== "");
  const packages = [...new Set(modules.map(packageOf))];
  const later = chunks.filter((chunk) => !start.includes(chunk));
  return {
    start: sizeOf(start),
    packages: parts(code, packages, (name) => (index) => packageOf(owners[index] ?? "") === name),
    modules: parts(code, modules, (name) => (index) => owners[index] === name),
    later: [
      ...(await Promise.all(OPTIONAL.map(measureOptional))),
      ...later.map((chunk) => ({ name: nameOfChunk(chunk), ...sizeOf([chunk]) })),
    ],
  };
}

/** What an entry adds to the client. */
async function measureOptional(entry: string): Promise<Part> {
  const chunks = await bundle([CLIENT, entry]);
  const client = startOf(chunks, CLIENT);
  return { name: entry, ...sizeOf(startOf(chunks, entry).filter((chunk) => !client.includes(chunk))) };
}

async function bundle(entries: readonly string[]): Promise<readonly OutputChunk[]> {
  const build = await rolldown({
    input: Object.fromEntries(entries.map((entry) => [entry, entry])),
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    platform: "browser",
    // As Vite builds an app: what is loaded later takes what both need from the chunk that is here already.
    preserveEntrySignatures: "allow-extension",
    resolve: { conditionNames: ["source", "browser", "import", "default"] },
    transform: { target: "es2022" },
  });
  // Minified code of an app has none, hints for bundlers included.
  const comments = { annotation: false, jsdoc: false, legal: false };
  try {
    const { output } = await build.generate({ format: "esm", minify: true, sourcemap: true, comments });
    return output.filter((file) => file.type === "chunk");
  } finally {
    await build.close();
  }
}

/** An entry, and all that it imports other than by `import()`. */
function startOf(chunks: readonly OutputChunk[], entry: string): readonly OutputChunk[] {
  const start = new Set(chunks.filter((chunk) => chunk.isEntry && chunk.name === entry));
  for (const { imports } of start) {
    for (const chunk of chunks) if (imports.includes(chunk.fileName)) start.add(chunk);
  }
  return [...start];
}

const sizeOf = (chunks: readonly OutputChunk[]): Omit<Part, "name"> => ({
  minified: chunks.reduce((sum, { code }) => sum + code.length, 0),
  gzipped: chunks.reduce((sum, { code }) => sum + gzipped(code), 0),
});

const gzipped = (code: string): number => gzipSync(code, { level: 9 }).length;

/** The module of each character of a chunk; "" for what belongs to none. */
function ownersOf({ code, map }: OutputChunk): readonly string[] {
  if (map === null) throw new Error("the bundle has no source map");
  const sources = new SourceMap({ ...map, file: map.file ?? "", sourceRoot: "" });
  return code.split("\n").flatMap((line, row, lines) =>
    (row < lines.length - 1 ? `${line}\n` : line).split("").map((_, column) => {
      const entry: { readonly originalSource?: string } = sources.findEntry(row, column);
      return entry.originalSource === undefined ? "" : nameOf(entry.originalSource);
    }),
  );
}

/** `…/packages/ot/src/tree.ts` is `ot/tree`. */
const nameOf = (source: string): string =>
  /packages\/([^/]+)\/src\/(.+)\.ts$/.exec(source)?.slice(1).join("/") ?? source;
const packageOf = (module: string): string => module.slice(0, module.indexOf("/"));
const nameOfChunk = ({ facadeModuleId, fileName }: OutputChunk): string =>
  facadeModuleId === null ? fileName : nameOf(facadeModuleId);

function parts(code: string, names: readonly string[], owns: (name: string) => (index: number) => boolean): Part[] {
  const whole = gzipped(code);
  return names
    .map((name) => {
      const mine = owns(name);
      const rest = code
        .split("")
        .filter((_, index) => !mine(index))
        .join("");
      return { name, minified: code.length - rest.length, gzipped: whole - gzipped(rest) };
    })
    .sort((a, b) => b.gzipped - a.gzipped);
}
