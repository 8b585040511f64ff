import type { SeededRandom } from "@tutti/testkit";
import type { CDPSession, Page } from "playwright-core";
import type { StrangerEdit } from "./page.js";

/** What the fuzzer acts on. */
export interface Stage {
  readonly page: Page;
  readonly session: CDPSession;
  readonly random: SeededRandom;
  readonly log: string[];
}

const WORDS = ["a", "the", "ab ", "word", " ", "Zürich", "\u{1F600}", "x", "# ", "- ", "1. ", "> "];
const KEYS = [
  "Enter",
  "Enter",
  "Backspace",
  "Backspace",
  "Delete",
  "Tab",
  "ArrowLeft",
  "ArrowRight",
  "ArrowUp",
  "ArrowDown",
  "Home",
  "End",
  "Shift+ArrowLeft",
  "Shift+ArrowRight",
  "Shift+ArrowDown",
  "Control+Backspace",
  "Control+b",
  "Control+i",
  "Control+x",
  "Control+v",
  "Control+z",
  "Control+z",
  "Control+z",
  "Control+y",
  "Control+Shift+z",
];
const HTML = [
  "<p>one</p><p>two <b>bold</b></p>",
  "<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>",
  "<h1>Title</h1>text<br>more",
  "<pre>code\nlines</pre>",
  '<a href="javascript:alert(1)">bad</a> <a href="https://example.org">good</a>',
  "<table><tr><td>1</td><td>2</td></tr></table>",
  "<blockquote>said</blockquote><p></p><p>after</p>",
  '<span style="font-weight:bold;color:#ff0000">red</span><script>alert(1)</script>',
];
const TEXTS = ["plain", "two\nlines", "\n", "dos\r\nline", "a\n\n\nb", "tab\tbed"];
const ATTRIBUTES: readonly Readonly<Record<string, unknown>>[] = [
  { bold: true },
  { bold: null },
  { italic: true },
  { mystery: { deep: [1, 2] } },
  { bold: "very" },
  { header: 2 },
  { header: 9 },
  { list: "bullet", indent: 2 },
  { list: "ordered" },
  { header: 1, list: "checked" },
  { "code-block": true },
  { blockquote: true, align: "center" },
  { color: "#FF0000" },
  { link: "javascript:alert(1)" },
  { link: "https://example.org/" },
];

type Action = (stage: Stage, editor: number) => Promise<string>;

const typeWord: Action = async ({ page, random }, editor) => {
  const word = random.pick(WORDS) ?? "";
  await focus(page, editor);
  await page.keyboard.type(word);
  return `type ${JSON.stringify(word)}`;
};

const pressKey: Action = async ({ page, random }, editor) => {
  const key = random.pick(KEYS) ?? "Enter";
  await focus(page, editor);
  await page.keyboard.press(key);
  return `press ${key}`;
};

const select: Action = async ({ page, random }, editor) => {
  const [anchor, head] = [random.next(), random.next()];
  const isCaret = random.chance(0.6);
  await page.evaluate(([index, a, h]) => window.fuzz.select(index, a, h), [
    editor,
    anchor,
    isCaret ? anchor : head,
  ] as const);
  return `select ${anchor.toFixed(3)} ${isCaret ? "" : head.toFixed(3)}`;
};

const command: Action = async ({ page, random }, editor) => {
  const choice = random.integer(100);
  await focus(page, editor);
  await page.evaluate(([index, which]) => window.fuzz.command(index, which), [editor, choice] as const);
  return `command ${choice}`;
};

const paste: Action = async ({ page, random }, editor) => {
  const html = random.chance(0.6) ? random.pick(HTML) : undefined;
  const text = random.pick(TEXTS) ?? "";
  const data = html === undefined ? { "text/plain": text } : { "text/plain": text, "text/html": html };
  await focus(page, editor);
  await page.evaluate(([index, given]) => window.fuzz.paste(index, given), [editor, data] as const);
  return `paste ${JSON.stringify(data)}`;
};

const KINDS = ["insert", "insert", "delete", "format", "format", "embed", "undo"] as const;

function strangerEdit(random: SeededRandom): StrangerEdit {
  const attributes = random.pick(ATTRIBUTES) ?? {};
  return {
    kind: random.pick(KINDS),
    at: random.next(),
    length: random.between(1, 6),
    text: random.pick(["s", "\n", "str\nange", "\u{1F601}"]),
    attributes,
  };
}

const stranger: Action = async ({ page, random }) => {
  const edit = strangerEdit(random);
  await page.evaluate((given) => window.fuzz.stranger(given), edit);
  return `stranger ${JSON.stringify(edit)}`;
};

/** An input method composes a word, while others go on. */
const compose: Action = async ({ page, session, random }, editor) => {
  await focus(page, editor);
  const parts = ["k", "ka", "かn", "かんj", "漢字"].slice(0, random.between(1, 5));
  const during: string[] = [];
  for (const text of parts) {
    await session.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
    if (!random.chance(0.5)) continue;
    const edit = strangerEdit(random);
    await page.evaluate((given) => window.fuzz.stranger(given), edit);
    await frames(page, random.between(1, 4));
    during.push(JSON.stringify(edit));
  }
  const committed = random.chance(0.8) ? (parts.at(-1) ?? "") : "";
  if (committed === "") await session.send("Input.imeSetComposition", { text: "", selectionStart: 0, selectionEnd: 0 });
  else await session.send("Input.insertText", { text: committed });
  await frames(page, 1);
  return `compose ${parts.join(",")} → ${JSON.stringify(committed)} amid ${during.join(" ")}`;
};

const pause: Action = async ({ page, random }) => {
  const count = random.between(1, 4);
  await frames(page, count);
  return `wait ${count} frames`;
};

const weighted = (times: number, action: Action): readonly Action[] => Array.from({ length: times }, () => action);

const ACTIONS: readonly Action[] = [
  ...weighted(6, typeWord),
  ...weighted(8, pressKey),
  ...weighted(4, select),
  ...weighted(3, command),
  ...weighted(2, paste),
  ...weighted(4, stranger),
  compose,
  pause,
];

/** One random action of one of the two people, or of the stranger. */
export async function act(stage: Stage): Promise<void> {
  const editor = stage.random.integer(2);
  const action = stage.random.pick(ACTIONS) ?? typeWord;
  stage.log.push(`${editor}: ${await action(stage, editor)}`);
}

const focus = (page: Page, editor: number): Promise<void> => page.evaluate((index) => window.fuzz.focus(index), editor);

const frames = (page: Page, count: number): Promise<void> =>
  page.evaluate(async (wanted) => {
    for (let frame = 0; frame < wanted; frame += 1) await new Promise(requestAnimationFrame);
  }, count);
