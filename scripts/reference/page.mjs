// One package as a page of Markdown.

const GROUPS = [
  { title: "Classes", kinds: ["class"] },
  { title: "Functions", kinds: ["function"] },
  { title: "Constants", kinds: ["constant"] },
  { title: "Types", kinds: ["type"] },
];

/** The file of a package's page: `packages/ot` is `ot.md`. */
const pageOf = (folder) => `${folder.split("/").at(-1)}.md`;

/**
 * @param {{ name: string, page: string, introduction: string, declared: object[] }} entry its name as it is imported
 * @param {Map<string, string[]>} homes as `homesOf` finds them
 */
export function renderPage({ name, page, introduction, declared }, homes) {
  const groups = GROUPS.map(({ title, kinds }) => ({
    title,
    members: declared.filter(({ kind }) => kinds.includes(kind)),
  })).filter(({ members }) => members.length > 0);
  const contents = groups.map(
    ({ title, members }) => `${title}: ${members.map(({ name: member }) => linkTo(member)).join(" · ")}`,
  );
  const sections = groups.flatMap(({ title, members }) => [
    `## ${title}`,
    ...members.map((member) => renderDeclared(member, page, homes)),
  ]);
  return `${["<!-- Written by `npm run docs:reference` from the docstrings. -->", `# ${name}`, introduction, contents.join("\n\n"), ...sections].join("\n\n")}\n`;
}

const linkTo = (name) => `[\`${name}\`](#${name.toLowerCase()})`;

function renderDeclared({ name, description, code, tags, from }, page, homes) {
  const heading = `### \`${name}\``;
  if (from !== undefined)
    return `${heading}\n\n${sentence(description)} See [${from.split("/").at(-1)}](${pageOf(from)}#${name.toLowerCase()}).`;
  const parts = [
    heading,
    description,
    `\`\`\`ts\n${code}\n\`\`\``,
    renderTags(tags),
    renderMentions(name, code, page, homes),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** The first sentence. */
const sentence = (text) => /^[\s\S]*?[.:](?=\s|$)/.exec(text)?.[0] ?? text;

const LABELS = { param: "", returns: "Returns ", throws: "Throws ", deprecated: "Deprecated: " };

function renderTags(tags) {
  return tags.map(({ name, text }) => `- ${LABELS[name] ?? `${name} `}${text.replace(/\s*\n\s*/g, " ")}`).join("\n");
}

/** Where to read on: the types that stand in the declaration. */
function renderMentions(name, code, page, homes) {
  const signature = code.replace(/\/\*\*[\s\S]*?\*\//g, "");
  const mentioned = new Set(signature.match(/\b[A-Z]\w+/g) ?? []);
  const links = [...mentioned]
    .filter((type) => type !== name && homes.has(type))
    .map((type) => {
      const pages = homes.get(type);
      return `[\`${type}\`](${pages.includes(page) ? "" : pages[0]}#${type.toLowerCase()})`;
    });
  return links.length === 0 ? "" : `See ${links.join(", ")}.`;
}

/**
 * The pages that describe each class and type: a name may stand on several.
 * @param {{ page: string, declared: { name: string, kind: string, from: string | undefined }[] }[]} entries
 */
export function homesOf(entries) {
  const homes = new Map();
  for (const { page, declared } of entries) {
    for (const { name, kind, from } of declared) {
      if (from !== undefined || (kind !== "type" && kind !== "class")) continue;
      homes.set(name, [...(homes.get(name) ?? []), page]);
    }
  }
  return homes;
}

/** @param {{ name: string, description: string | undefined, page: string, introduction: string }[]} entries */
export function renderIndex(entries) {
  const rows = entries.map(
    ({ name, description, page, introduction }) => `| [${name}](${page}) | ${description ?? sentence(introduction)} |`,
  );
  return `<!-- Written by \`npm run docs:reference\` from the docstrings. -->

# API reference

Everything that the packages export. To start with, read the [quick start](../quick-start.md).

| package | |
| --- | --- |
${rows.join("\n")}
`;
}
