import { attributesOf } from "@tutti/binding-prosemirror";
import type { Node } from "prosemirror-model";
import { Plugin } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";

/** Shows `text` (by `data-placeholder`, see rich-text.css) while the document holds nothing at all. */
export function placeholder(text: string): Plugin {
  return new Plugin({
    props: {
      decorations: ({ doc }) => {
        const only = doc.firstChild;
        if (only === null || !isEmpty(doc, only)) return DecorationSet.empty;
        return DecorationSet.create(doc, [Decoration.node(0, only.nodeSize, { "data-placeholder": text })]);
      },
    },
  });
}

function isEmpty(doc: Node, only: Node): boolean {
  return doc.childCount === 1 && only.content.size === 0 && Object.keys(attributesOf(only)).length === 0;
}
