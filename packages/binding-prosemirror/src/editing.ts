import { baseKeymap, chainCommands } from "prosemirror-commands";
import { keymap } from "prosemirror-keymap";
import type { Command, Plugin } from "prosemirror-state";
import type { HeadingLevel } from "./block.js";
import { blockShape } from "./block.js";
import { indentBlocks, setHeading, toggleCheck, toggleCodeBlock, toggleList, toggleQuote } from "./block-commands.js";
import { checkBoxes } from "./check-boxes.js";
import { clipboard } from "./clipboard.js";
import { joinBackward, leaveEmptyBlock, splitBlock, stepOutOfBlock } from "./enter-backspace.js";
import { shortcuts } from "./input-rules.js";
import { toggleFormat } from "./mark-commands.js";
import { attributesOf } from "./schema.js";

const HEADING_LEVELS: readonly HeadingLevel[] = [1, 2, 3, 4, 5, 6];

/** Keys, markdown-like shortcuts, paste handling and clickable check boxes for the schema; without collaboration. */
export function tuttiEditing(): readonly Plugin[] {
  return [shortcuts(), keymap(editingKeys), keymap(baseKeymap), clipboard(), checkBoxes()];
}

const enter = chainCommands(leaveEmptyBlock, splitBlock);
const backspace = chainCommands(stepOutOfBlock, joinBackward);

const insertTab: Command = (state, dispatch) => {
  dispatch?.(state.tr.insertText("\t").scrollIntoView());
  return true;
};

/** Which keys do what; "Mod" is Ctrl, or Cmd on a Mac. */
export const editingKeys: Readonly<Record<string, Command>> = {
  Enter: enter,
  "Shift-Enter": enter,
  Backspace: backspace,
  "Shift-Backspace": backspace,
  "Mod-Backspace": backspace,
  Tab: chainCommands(within("list", indentBlocks(1)), within("code", insertTab)),
  "Shift-Tab": within("list", indentBlocks(-1)),
  "Mod-b": toggleFormat("bold"),
  "Mod-i": toggleFormat("italic"),
  "Mod-u": toggleFormat("underline"),
  "Mod-Shift-x": toggleFormat("strike"),
  "Mod-e": toggleFormat("code"),
  "Mod-Alt-0": setHeading(null),
  ...Object.fromEntries(HEADING_LEVELS.map((level) => [`Mod-Alt-${level}`, setHeading(level)])),
  "Mod-Alt-c": toggleCodeBlock(),
  "Mod-Shift-7": toggleList("ordered"),
  "Mod-Shift-8": toggleList("bullet"),
  "Mod-Shift-9": toggleList("unchecked"),
  "Mod-Shift-b": toggleQuote(),
  "Mod-Enter": toggleCheck(),
};

/** The command, where the selection starts in a block of this kind; elsewhere Tab keeps moving the focus. */
function within(kind: "list" | "code", command: Command): Command {
  return (state, dispatch, view) =>
    blockShape(attributesOf(state.selection.$from.parent)).kind === kind && command(state, dispatch, view);
}
