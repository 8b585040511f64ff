import type { Attributes } from "@tutti/ot";
import { InputRule, inputRules } from "prosemirror-inputrules";
import type { Plugin } from "prosemirror-state";
import { blockShape, changeAttributes } from "./block.js";
import { setAttributes } from "./block-commands.js";
import { putDivider } from "./embed-commands.js";
import { attributesOf } from "./schema.js";
import { separateUndo } from "./undo-step.js";

/** Markdown-like shortcuts at the start of a paragraph: "# ", "- ", "1. ", "[ ] ", "> ", "```" and "---". */
export function shortcuts(): Plugin {
  return inputRules({
    rules: [
      shortcut(/^(#{1,6})\s$/, ([, hashes = ""]) => ({ header: hashes.length })),
      shortcut(/^[-*+]\s$/, () => ({ list: "bullet" })),
      shortcut(/^1[.)]\s$/, () => ({ list: "ordered" })),
      shortcut(/^\[([ xX]?)\]\s$/, ([, tick = ""]) => ({ list: tick.trim() === "" ? "unchecked" : "checked" })),
      shortcut(/^>\s$/, () => ({ blockquote: true })),
      shortcut(/^```$/, () => ({ "code-block": true })),
      divider(/^(?:---|\*\*\*)$/),
    ],
  });
}

/** One step of undo brings back what was typed. */
function shortcut(typed: RegExp, shape: (match: RegExpMatchArray) => Attributes): InputRule {
  return new InputRule(typed, (state, match, start, end) => {
    const $start = state.doc.resolve(start);
    const attributes = attributesOf($start.parent);
    if (blockShape(attributes).kind !== "paragraph") return null;
    const tr = state.tr.delete(start, end);
    return separateUndo(setAttributes(tr, $start.before(), changeAttributes(attributes, shape(match))));
  });
}

/** Typed in an empty paragraph, it becomes a line across the page. */
function divider(typed: RegExp): InputRule {
  return new InputRule(typed, (state, _match, start, end) => {
    const $start = state.doc.resolve(start);
    const isAlone = end === $start.end();
    if (!isAlone || blockShape(attributesOf($start.parent)).kind !== "paragraph") return null;
    return separateUndo(putDivider(state.tr.delete(start, end)));
  });
}
