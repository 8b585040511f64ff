import { indentWithTab, standardKeymap } from "@codemirror/commands";
import { EditorView as CodeMirrorView, keymap } from "@codemirror/view";
import { tuttiState as codeMirrorState } from "@tutti/binding-codemirror";
import {
  clearFormatting,
  deltaFromDocument,
  indentBlocks,
  insertDivider,
  insertImage,
  tuttiState as proseMirrorState,
  setHeading,
  setLink,
  toggleCheck,
  toggleCodeBlock,
  toggleFormat,
  toggleList,
  toggleQuote,
  tuttiEditing,
} from "@tutti/binding-prosemirror";
import { bindQuill } from "@tutti/binding-quill";
import type { DocumentHandle } from "@tutti/client";
import { normalise, type Operation } from "@tutti/ot";
import type { ResolvedPos } from "prosemirror-model";
import { type Command, TextSelection } from "prosemirror-state";
import { EditorView as ProseMirrorView } from "prosemirror-view";
import Quill from "quill";

/** One editor on one document, as the fuzzer handles it. */
export interface FuzzEditor {
  /** What takes keys and clipboard events. */
  readonly element: HTMLElement;
  focus(): void;
  /** Selects a part of the text; both numbers are parts of its length, 0 to 1. */
  select(anchor: number, head: number): void;
  /** Runs one of the commands that a toolbar would have. */
  command(choice: number): void;
  /** How what is shown differs from the document; undefined: not at all. */
  difference(doc: DocumentHandle): string | undefined;
}

export type EditorKind = "prosemirror" | "codemirror" | "quill";
export type OnRefused = (error: unknown) => void;

export function createEditor(
  kind: EditorKind,
  parent: HTMLElement,
  doc: DocumentHandle,
  refused: OnRefused,
): FuzzEditor {
  if (kind === "prosemirror") return proseMirror(parent, doc, refused);
  return kind === "codemirror" ? codeMirror(parent, doc, refused) : quillEditor(parent, doc, refused);
}

const COMMANDS: readonly Command[] = [
  toggleFormat("bold"),
  toggleFormat("italic"),
  toggleFormat("code"),
  setHeading(1),
  setHeading(null),
  toggleList("bullet"),
  toggleList("ordered"),
  toggleList("unchecked"),
  toggleCheck(),
  toggleQuote(),
  toggleCodeBlock(),
  indentBlocks(1),
  indentBlocks(-1),
  setLink("https://example.org/"),
  clearFormatting(),
  insertDivider(),
  insertImage("data:image/gif;base64,R0lGODlhAQABAAAAACw=", "a dot"),
];

function proseMirror(parent: HTMLElement, doc: DocumentHandle, onError: OnRefused): FuzzEditor {
  const view = new ProseMirrorView(parent, { state: proseMirrorState(doc, tuttiEditing(), { onError }) });
  const place = (part: number): number => Math.round(part * view.state.doc.content.size);
  return {
    element: view.dom,
    focus: () => view.focus(),
    select: (anchor, head) => {
      const { doc: shown, tr } = view.state;
      const whole = (position: number): ResolvedPos => {
        const $position = TextSelection.near(shown.resolve(position)).$head;
        return isTorn(shown.textBetween($position.start(), $position.pos, "", "-"))
          ? shown.resolve($position.pos - 1)
          : $position;
      };
      view.dispatch(tr.setSelection(TextSelection.between(whole(place(anchor)), whole(place(head)))));
    },
    command: (choice) => void COMMANDS[choice % COMMANDS.length]?.(view.state, view.dispatch, view),
    difference: (handle) => {
      const drawn = [...view.dom.children].map((block) => block.textContent ?? "").join("\n");
      const meant = view.state.doc.children.map((block) => drawnText(block)).join("\n");
      return differ(deltaFromDocument(view.state.doc), handle.content()) ?? differ(drawn, meant);
    },
  };
}

const drawnText = (block: {
  readonly children: readonly {
    readonly isText: boolean;
    readonly text?: string | undefined;
    readonly type: { readonly name: string };
    readonly attrs: object;
  }[];
}): string =>
  block.children
    .map(({ isText, text, type, attrs }) => {
      if (isText) return text ?? "";
      if (type.name !== "embed") return "";
      const { embed } = attrs as { readonly embed: object };
      return "image" in embed || "divider" in embed ? "" : `[${Object.keys(embed).join(", ")}]`;
    })
    .join("");

function codeMirror(parent: HTMLElement, doc: DocumentHandle, onError: OnRefused): FuzzEditor {
  const keys = keymap.of([...standardKeymap, indentWithTab]);
  const view = new CodeMirrorView({ parent, state: codeMirrorState(doc, keys, { onError }) });
  const place = (part: number): number => {
    const index = Math.round(part * view.state.doc.length);
    return isTorn(view.state.sliceDoc(0, index)) ? index - 1 : index;
  };
  return {
    element: view.contentDOM,
    focus: () => view.focus(),
    select: (anchor, head) => view.dispatch({ selection: { anchor: place(anchor), head: place(head) } }),
    command: () => undefined,
    difference: (handle) => {
      const drawn = [...view.contentDOM.children].map((line) => line.textContent).join("\n");
      return differ(view.state.doc.toString(), handle.text()) ?? differ(drawn, handle.text());
    },
  };
}

const FORMATS: readonly (readonly [string, unknown])[] = [
  ["bold", true],
  ["bold", false],
  ["italic", true],
  ["code", true],
  ["color", "red"],
  ["header", 1],
  ["header", false],
  ["list", "bullet"],
  ["list", "ordered"],
  ["list", "unchecked"],
  ["list", false],
  ["blockquote", true],
  ["code-block", true],
  ["code-block", false],
  ["indent", "+1"],
  ["indent", "-1"],
  ["align", "right"],
  ["link", "https://example.org/"],
];

function quillEditor(parent: HTMLElement, doc: DocumentHandle, onError: OnRefused): FuzzEditor {
  const quill = new Quill(parent.appendChild(document.createElement("div")), { modules: { toolbar: false } });
  bindQuill(quill, doc, { onError });
  const place = (part: number): number => {
    const index = Math.round(part * (quill.getLength() - 1));
    const before = quill.getContents(Math.max(0, index - 1), 1).ops[0]?.insert;
    return typeof before === "string" && isTorn(before) ? index - 1 : index;
  };
  return {
    element: quill.root,
    focus: () => quill.focus(),
    select: (anchor, head) => {
      const [from, to] = [place(Math.min(anchor, head)), place(Math.max(anchor, head))];
      quill.setSelection(from, to - from, "user");
    },
    command: (choice) => {
      const [name, value] = FORMATS[choice % FORMATS.length] ?? ["bold", true];
      quill.format(name, value, "user");
    },
    difference: (handle) => {
      const shown = normalise(quill.getContents().ops as Operation);
      const fresh = new Quill(document.createElement("div"));
      const binding = bindQuill(fresh, handle);
      const wanted = normalise(fresh.getContents().ops as Operation);
      binding.destroy();
      const text = shown.map((part) => ("insert" in part && typeof part.insert === "string" ? part.insert : "\uFFFC"));
      return differ(shown, wanted) ?? differ(text.join(""), `${handle.text()}\n`);
    },
  };
}

/** Whether the text ends in the middle of a surrogate pair: nobody can put a caret there. */
const isTorn = (before: string): boolean => /[\uD800-\uDBFF]$/.test(before);

function differ(shown: unknown, wanted: unknown): string | undefined {
  const [a, b] = [stable(shown), stable(wanted)];
  return a === b ? undefined : `shown: ${a}\nwanted: ${b}`;
}

/** JSON with its keys in order. */
const stable = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
