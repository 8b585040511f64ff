// Writes docs/reference from the docstrings; with --check it writes nothing, and fails where a page is stale.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readPackages } from "./declarations.mjs";
import { homesOf, pageOf, renderIndex, renderPage } from "./page.mjs";

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

function placeOf(folder) {
  const place = ORDER.indexOf(folder.split("/")[1]);
  return place < 0 ? ORDER.length : place;
}

function render() {
  const packages = publishedPackages();
  const read = readPackages(
    root,
    packages.map(({ folder }) => folder),
  );
  const homes = homesOf(read);
  const pages = packages.map(({ name, folder }, index) => [pageOf(folder), renderPage(name, read[index], homes)]);
  return new Map([["README.md", renderIndex(packages)], ...pages]);
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
