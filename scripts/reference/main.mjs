// Writes docs/reference from the docstrings; with --check it writes nothing, and fails where a page is stale.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readEntries } from "./declarations.mjs";
import { homesOf, renderIndex, renderPage } from "./page.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const target = `${root}/docs/reference`;
/** The first thing to read first; a package that is not named here comes last. The server is a process, and has no API of its own. */
const ORDER = [
  "client",
  "react",
  "binding-prosemirror",
  "binding-codemirror",
  "binding-quill",
  "binding",
  "ot",
  "protocol",
];

function publishedPackages() {
  return readdirSync(`${root}/packages`)
    .map((name) => ({
      folder: `packages/${name}`,
      ...JSON.parse(readFileSync(`${root}/packages/${name}/package.json`, "utf8")),
    }))
    .filter(({ name, private: hidden }) => hidden !== true && name !== "@tutti/server")
    .sort((a, b) => placeOf(a.folder) - placeOf(b.folder));
}

/** What can be imported of a package: its root, and its subpaths, each on a page of its own. */
function entriesOf({ name, description, folder, exports }) {
  return Object.entries(exports)
    .filter(([, { source }]) => source !== undefined)
    .map(([path, { source }]) => ({
      name: `${name}${path.slice(1)}`,
      description: path === "." ? description : undefined,
      folder,
      entry: `${folder}/${source.slice(2)}`,
      page: `${[folder.split("/").at(-1), ...path.split("/").slice(1)].join("-")}.md`,
    }));
}

function placeOf(folder) {
  const place = ORDER.indexOf(folder.split("/")[1]);
  return place < 0 ? ORDER.length : place;
}

function render() {
  const entries = readEntries(root, publishedPackages().flatMap(entriesOf));
  const homes = homesOf(entries);
  const pages = entries.map((entry) => [entry.page, renderPage(entry, homes)]);
  return new Map([["README.md", renderIndex(entries)], ...pages]);
}

function written() {
  try {
    return new Map(readdirSync(target).map((name) => [name, readFileSync(`${target}/${name}`, "utf8")]));
  } catch {
    return new Map();
  }
}

const pages = render();
const before = written();
const stale = [...new Set([...pages.keys(), ...before.keys()])].filter((name) => pages.get(name) !== before.get(name));
if (process.argv.includes("--check")) {
  for (const name of stale) process.stderr.write(`docs/reference/${name} is stale: npm run docs:reference\n`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  mkdirSync(target, { recursive: true });
  for (const name of stale) {
    if (pages.has(name)) writeFileSync(`${target}/${name}`, pages.get(name));
    else rmSync(`${target}/${name}`);
  }
  process.stdout.write(`docs/reference: ${pages.size} pages, ${stale.length} changed\n`);
}
