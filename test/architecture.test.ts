import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** ARCHITECTURE.md, "Packages": what each may import of the others. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "packages/ot": [],
  "packages/protocol": ["ot"],
  "packages/client": ["ot", "protocol"],
  "packages/server": ["ot", "protocol"],
  "packages/binding": ["ot", "client"],
  "packages/binding-prosemirror": ["ot", "client", "binding"],
  "packages/binding-codemirror": ["ot", "client", "binding"],
  "packages/binding-quill": ["ot", "client", "binding"],
  "packages/react": ["client"],
  "packages/testkit": ["ot", "protocol", "client", "server"],
  "apps/web": ["client", "react", "binding-prosemirror", "binding-codemirror", "ot", "protocol"],
  simulation: ["ot", "protocol", "client", "server", "testkit"],
  bench: ["ot", "protocol", "client", "server", "testkit"],
};

/** What a package exports besides its root: code for one kind of surroundings, and what is loaded only where it is wanted. */
const SUBPATHS: Readonly<Record<string, readonly string[]>> = {
  client: ["@tutti/client/offline", "@tutti/client/find", "@tutti/client/node"],
};

/** Inside the server: which folder may import which. Files in `src` itself wire things together. */
const SERVER_ALLOWED: Readonly<Record<string, readonly string[]>> = {
  access: [],
  attendance: ["access", "delivery", "metrics", "storage"],
  backup: ["snapshots", "storage"],
  commands: ["backup", "configuration", "retention", "snapshots", "storage"],
  configuration: ["attendance", "presence", "protection", "retention", "vandalism"],
  delivery: [],
  documents: ["delivery", "metrics", "protection", "retention", "snapshots", "storage"],
  gateway: [
    "access",
    "attendance",
    "delivery",
    "documents",
    "metrics",
    "presence",
    "protection",
    "storage",
    "vandalism",
  ],
  http: ["access", "attendance", "documents", "protection", "storage", "vandalism"],
  metrics: [],
  presence: ["delivery", "metrics"],
  protection: ["metrics", "storage"],
  retention: ["storage"],
  snapshots: ["storage"],
  storage: [],
  vandalism: ["access", "delivery", "documents", "metrics", "storage"],
};
/** Files of `server/src` itself that its folders may import. */
const SERVER_ROOT_ALLOWED = ["config", "log", "server"];
/** What a command may start besides. */
const COMMANDS_ROOT_ALLOWED = ["environment", "open-archive", "open-store", "serve"];

/** The outermost edge: the only files that touch clock, randomness, sockets or disk. */
const EDGES = [
  "packages/client/src/environment.ts",
  // Only what "@tutti/client/node" brings along.
  "packages/client/src/offline/folder/",
  "packages/server/src/backup/backup-file.ts",
  "packages/server/src/commands/",
  "packages/server/src/configuration/config-file.ts",
  "packages/server/src/environment.ts",
  "packages/server/src/secret.ts",
  "packages/server/src/main.ts",
  "packages/server/src/serve.ts",
  "packages/server/src/http/",
  // A digest of bytes, from the library that also makes random ones.
  "packages/server/src/snapshots/chunk-name.ts",
  "packages/server/src/storage/folder-archive.ts",
  "packages/server/src/storage/sqlite",
  "packages/server/src/storage/postgres",
];
const OUTSIDE_WORLD =
  /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bset(?:Timeout|Interval)\(|\bperformance\.now\(|node:(?:fs|net|http|crypto|worker_threads)\b/;

interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function sourceFiles(folder: string): readonly SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const text = readFileSync(file, "utf8");
      const imports = [...text.matchAll(/\b(?:from\s+|import\s+|import\()"([^"]+)"/g)].map((match) => match[1] ?? "");
      return { path: relative(ROOT, file).split(sep).join("/"), text, imports };
    });
}

const PACKAGES = Object.keys(ALLOWED).map((folder) => ({ folder, files: sourceFiles(`${folder}/src`) }));
const PRODUCT = PACKAGES.filter(({ folder }) => folder.startsWith("packages/") && !folder.endsWith("testkit"));

describe("dependency rules", () => {
  for (const { folder, files } of PACKAGES) {
    it(`${folder} imports only ${(ALLOWED[folder] ?? []).join(", ") || "nothing"} of the other packages`, () => {
      const allowed = (ALLOWED[folder] ?? []).flatMap((name) => [`@tutti/${name}`, ...(SUBPATHS[name] ?? [])]);
      const wrong = files.flatMap(({ path, imports }) =>
        imports
          .filter((name) => name.startsWith("@tutti/") && !allowed.includes(name))
          .map((name) => `${path}: ${name}`),
      );
      expect(files.length).toBeGreaterThan(0);
      expect(wrong).toEqual([]);
    });
  }

  it("ot imports nothing at all", () => {
    const files = sourceFiles("packages/ot/src");
    expect(files.flatMap(({ imports }) => imports.filter((name) => !name.startsWith("./")))).toEqual([]);
  });

  it("relative imports stay inside their package", () => {
    const wrong = PACKAGES.flatMap(({ folder, files }) =>
      files.flatMap(({ path, imports }) =>
        imports
          .filter((name) => name.startsWith(".") && !join(dirname(path), name).startsWith(join(folder, "src")))
          .map((name) => `${path}: ${name}`),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it("inside the server nothing imports gateway, http or main, and the arrows are those of the design", () => {
    const base = "packages/server/src";
    const wrong = sourceFiles(base).flatMap(({ path, imports }) => {
      const [from, file] = path.slice(base.length + 1).split("/");
      if (from === undefined || file === undefined) return [];
      return imports
        .filter((name) => name.startsWith("."))
        .map((name) =>
          relative(base, join(dirname(path), name))
            .replace(/\.js$/, "")
            .split(sep),
        )
        .filter(([to, inner]) =>
          inner === undefined
            ? !SERVER_ROOT_ALLOWED.includes(to ?? "") &&
              !(from === "commands" && COMMANDS_ROOT_ALLOWED.includes(to ?? ""))
            : to !== from && !(SERVER_ALLOWED[from] ?? []).includes(to ?? ""),
        )
        .map((target) => `${path}: ${target.join("/")}`);
    });
    expect(wrong).toEqual([]);
  });
});

describe("house rules", () => {
  it("only the outermost edge touches clock, randomness, sockets and disk", () => {
    const wrong = PRODUCT.filter(({ folder }) => !folder.includes("binding"))
      .flatMap(({ files }) => files)
      .filter(({ path, text }) => OUTSIDE_WORLD.test(text) && !EDGES.some((edge) => path.startsWith(edge)))
      .map(({ path }) => path);
    expect(wrong).toEqual([]);
  });

  it("no source file has more than 500 lines, and no folder is called utils, common or shared", () => {
    const files = PACKAGES.flatMap((entry) => entry.files);
    expect(files.filter(({ text }) => text.split("\n").length > 500).map(({ path }) => path)).toEqual([]);
    expect(files.filter(({ path }) => /\b(utils?|common|shared)\//.test(path)).map(({ path }) => path)).toEqual([]);
  });
});
