import {
  type ActiveFormats,
  activeFormats,
  type HeadingLevel,
  indentBlocks,
  insertDivider,
  type ListKind,
  type SwitchMark,
  setHeading,
  toggleCodeBlock,
  toggleFormat,
  toggleList,
  toggleQuote,
} from "@tutti/binding-prosemirror";
import type { Command } from "prosemirror-state";
import type { IconName } from "../icons/paths.js";

/** A button of the toolbar that runs one command. */
export interface FormatButton {
  readonly label: string;
  readonly look: { readonly icon: IconName } | { readonly letters: string };
  /** As the key map of the binding has it. */
  readonly shortcut?: string;
  readonly command: Command;
  /** Left out for buttons that are not switches. */
  readonly isOn?: (formats: ActiveFormats) => boolean;
}

export const MARKS: readonly FormatButton[] = [
  mark("bold", "Bold", "bold", "Mod-b"),
  mark("italic", "Italic", "italic", "Mod-i"),
  mark("underline", "Underline", "underline", "Mod-u"),
  mark("strike", "Strikethrough", "strike", "Mod-Shift-x"),
  mark("code", "Inline code", "code", "Mod-e"),
];

export const STYLES: readonly FormatButton[] = [
  {
    label: "Paragraph",
    look: { icon: "paragraph" },
    shortcut: "Mod-Alt-0",
    command: setHeading(null),
    isOn: ({ block }) => block.kind === "paragraph",
  },
  heading(1),
  heading(2),
  heading(3),
];

export const LISTS: readonly FormatButton[] = [
  list("bullet", "Bullet list", "bullet", "Mod-Shift-8"),
  list("ordered", "Ordered list", "ordered", "Mod-Shift-7"),
  list("unchecked", "Check list", "check", "Mod-Shift-9"),
];

export const INDENTS: readonly FormatButton[] = [
  { label: "Outdent", look: { icon: "outdent" }, command: indentBlocks(-1) },
  { label: "Indent", look: { icon: "indent" }, command: indentBlocks(1) },
];

export const BLOCKS: readonly FormatButton[] = [
  {
    label: "Quote",
    look: { icon: "quote" },
    shortcut: "Mod-Shift-b",
    command: toggleQuote(),
    isOn: ({ block }) => block.kind === "quote",
  },
  {
    label: "Code block",
    look: { icon: "codeBlock" },
    shortcut: "Mod-Alt-c",
    command: toggleCodeBlock(),
    isOn: ({ block }) => block.kind === "code",
  },
  { label: "Divider", look: { icon: "divider" }, command: insertDivider() },
];

function mark(name: SwitchMark, label: string, icon: IconName, shortcut: string): FormatButton {
  return { label, look: { icon }, shortcut, command: toggleFormat(name), isOn: ({ marks }) => marks.has(name) };
}

function heading(level: HeadingLevel): FormatButton {
  const isOn = ({ block }: ActiveFormats) => block.kind === "heading" && block.level === level;
  return {
    label: `Heading ${level}`,
    look: { letters: `H${level}` },
    shortcut: `Mod-Alt-${level}`,
    command: (state, dispatch) => setHeading(isOn(activeFormats(state)) ? null : level)(state, dispatch),
    isOn,
  };
}

function list(kind: ListKind, label: string, icon: IconName, shortcut: string): FormatButton {
  const kinds = kind === "unchecked" ? ["checked", "unchecked"] : [kind];
  return {
    label,
    look: { icon },
    shortcut,
    command: toggleList(kind),
    isOn: ({ block }) => block.kind === "list" && kinds.includes(block.list),
  };
}
