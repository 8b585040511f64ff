import { keymap } from "prosemirror-keymap";
import type { Plugin } from "prosemirror-state";

/** The usual key for links asks for the address. */
export function linkKey(onLink: () => void): Plugin {
  return keymap({
    "Mod-k": () => {
      onLink();
      return true;
    },
  });
}
