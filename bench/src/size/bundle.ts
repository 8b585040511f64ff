import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type OutputChunk, rolldown } from "rolldown";

/** Bytes that a browser loads to start the SDK: client, protocol and ot, minified and gzipped. */
export const LARGEST_START = 30_000;

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
  /** What is loaded when it is first needed, each with what only it imports; largest first. */
  readonly later: readonly Part[];
}

/** Bundles all that `@tutti/client` exports as a browser gets it, from the sources of this checkout. */
export async function measureBundle(): Promise<BundleSize> {
  const chunks = await bundle();
  const start = startOf(chunks);
  const code = start.map((chunk) => chunk.code).join("");
  const owners = start.flatMap(ownersOf);
  const modules = [...new Set(owners)].filter((name) => name !== "");
  const packages = [...new Set(modules.map(packageOf))];
  return {
    start: { minified: code.length, gzipped: start.reduce((sum, chunk) => sum + gzipped(chunk.code), 0) },
    packages: parts(code, packages, (name) => (index) => packageOf(owners[index] ?? "") === name),
    modules: parts(code, modules, (name) => (index) => owners[index] === name),
    later: chunks
      .filter((chunk) => !start.includes(chunk))
      .map((chunk) => ({ name: nameOfChunk(chunk), minified: chunk.code.length, gzipped: gzipped(chunk.code) }))
      .sort((a, b) => b.gzipped - a.gzipped),
  };
}

async function bundle(): Promise<readonly OutputChunk[]> {
  const build = await rolldown({
    input: "@tutti/client",
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    platform: "browser",
    resolve: { conditionNames: ["source", "browser", "import", "default"] },
    transform: { target: "es2022" },
  });
  try {
    const { output } = await build.generate({ format: "esm", minify: true, sourcemap: true });
    return output.filter((file) => file.type === "chunk");
  } finally {
    await build.close();
  }
}

/** The entry, and all that it imports other than by `import()`. */
function startOf(chunks: readonly OutputChunk[]): readonly OutputChunk[] {
  const start = new Set(chunks.filter((chunk) => chunk.isEntry));
  for (const { imports } of start) {
    for (const chunk of chunks) if (imports.includes(chunk.fileName)) start.add(chunk);
  }
  return [...start];
}

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
