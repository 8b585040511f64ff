// What the packages export, read by the compiler: declarations as in their .d.ts, and the docstrings.
// TypeScript 7 has no JavaScript API yet, so this folder has a 5.x of its own, which types nothing but this page.
import { relative } from "node:path";
import ts from "typescript";

/**
 * @typedef {{ name: string, description: string | undefined, folder: string, entry: string, page: string }} Entry `entry`: its
 *   file from the root of the repository
 * @typedef {{ name: string, kind: string, description: string, code: string, tags: { name: string, text: string }[],
 *   from: string | undefined }} Declared `from`: the other package that really declares it
 * @typedef {Entry & { introduction: string, declared: Declared[] }} ReadEntry
 */

/**
 * @param {string} root of the repository
 * @param {Entry[]} entries
 * @returns {ReadEntry[]}
 */
export function readEntries(root, entries) {
  const files = entries.map(({ entry }) => `${root}/${entry}`);
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    customConditions: ["source"],
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    types: [],
    jsx: ts.JsxEmit.ReactJSX,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    declaration: true,
    emitDeclarationOnly: true,
  });
  const declarationFile = emitDeclarations(program);
  return entries.map((entry, index) => {
    const file = program.getSourceFile(files[index]);
    return { ...entry, introduction: introductionOf(file), declared: exportsOf(file) };
  });

  function exportsOf(entry) {
    const checker = program.getTypeChecker();
    const home = relative(root, entry.fileName).split("/").slice(0, 2).join("/");
    const written = new Map();
    for (const symbol of checker.getExportsOfModule(checker.getSymbolAtLocation(entry))) {
      const original = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const { fileName } = original.declarations[0].getSourceFile();
      const owner = relative(root, fileName).split("/").slice(0, 2).join("/");
      const nodes = declarationsNamed(declarationFile(fileName), original.name);
      written.set(symbol.name, describe(symbol.name, nodes, owner === home ? undefined : owner));
    }
    return [...written.values()];
  }
}

/** Emits all declarations into memory; returns how to get one, parsed. */
function emitDeclarations(program) {
  const texts = new Map();
  program.emit(undefined, (name, text) => texts.set(name, text), undefined, true);
  const parsed = new Map();
  return (sourceName) => {
    const name = sourceName.replace(/\.tsx?$/, ".d.ts");
    if (!texts.has(name)) throw new Error(`no declarations of ${sourceName}`);
    const file =
      parsed.get(name) ?? ts.createSourceFile(name, texts.get(name), { languageVersion: ts.ScriptTarget.ES2022 }, true);
    parsed.set(name, file);
    return file;
  };
}

/** A function has one for each overload, and a type may stand beside a value of the same name. */
function declarationsNamed(file, name) {
  const nodes = file.statements.filter((statement) =>
    ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.some((declaration) => declaration.name.getText() === name)
      : statement.name?.getText() === name,
  );
  if (nodes.length === 0) throw new Error(`${name} is not declared in ${file.fileName}`);
  return nodes;
}

function describe(name, nodes, from) {
  const documented = nodes.find((node) => node.jsDoc !== undefined);
  const doc = documented?.jsDoc.at(-1);
  const tags = (doc?.tags ?? []).map((tag) => ({
    name: tag.tagName.text,
    text: `${ts.isJSDocParameterTag(tag) ? `\`${tag.name.getText()}\` ` : ""}${textOf(tag.comment)}`,
  }));
  return {
    name,
    kind: kindOf(nodes[0]),
    description: textOf(doc?.comment),
    code: nodes.map(codeOf).join("\n"),
    tags,
    from,
  };
}

function kindOf(node) {
  if (ts.isClassDeclaration(node)) return "class";
  if (ts.isFunctionDeclaration(node)) return "function";
  if (ts.isVariableStatement(node)) return "constant";
  return "type";
}

const textOf = (comment) => (ts.getTextOfJSDocComment(comment) ?? "").trim();

/** The declaration as people read it: two spaces, and nothing that is private. */
function codeOf(node) {
  return node
    .getText()
    .replace(/^export (declare )?/, "")
    .replace(/^ +(?:#private|private [^;]*);\n/gm, "")
    .replace(/import\("[^"]+"\)\./g, "")
    .replace(/ +$/gm, "")
    .replace(/^(?: {4})+/gm, (indent) => indent.slice(indent.length / 2));
}

/** The first comment of the entry, up to where it speaks to those who read the sources. */
function introductionOf(entry) {
  const [first] = ts.getLeadingCommentRanges(entry.text, 0) ?? [];
  if (first === undefined) return "";
  const text = entry.text
    .slice(first.pos + 3, first.end - 2)
    .replace(/^ *\* ?/gm, "")
    .trim();
  return text
    .split(/\n\n(?=Read )/)[0]
    .replace(/^@tutti\/[\w/-]+: /, "")
    .replace(/^\w/, (letter) => letter.toUpperCase());
}
