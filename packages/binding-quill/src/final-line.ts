import { compose, type Document, isInsert, type Operation, OperationBuilder } from "@tutti/ot";

/**
 * Quill's text always ends with "\n"; a document may end with anything. The rule: what Quill holds is the document and
 * one "\n" more, which is plain and belongs to nobody. So every document has exactly one text in Quill and the other
 * way round, and people in Quill, ProseMirror and CodeMirror see the same lines.
 */
const FINAL: Operation = [{ insert: "\n" }];

/** An edit of Quill's text as an edit of the document. @throws OperationError when it fits no such text */
export function withoutFinalLine(before: Document, edit: Operation): Operation {
  const addFinal = new OperationBuilder().retain(before.length).insert("\n").build();
  const all = compose(addFinal, edit);
  const after = before.apply(all);
  if (!hasPlainEnd(after)) return all;
  return compose(
    all,
    new OperationBuilder()
      .retain(after.length - 1)
      .delete(1)
      .build(),
  );
}

/**
 * Whether the last "\n" says nothing. One that does (Quill made the last line a heading, say) becomes part of the
 * document, and Quill gets a new one behind it.
 */
function hasPlainEnd(document: Document): boolean {
  const [last] = document.slice(document.length - 1, document.length);
  return last !== undefined && isInsert(last) && last.insert === "\n" && last.attributes === undefined;
}

/** Units [from, to) of the document as Quill has them; `to` may lie one behind the end. */
export function linesOf(document: Document, from: number, to: number): Operation {
  const lines = document.slice(from, Math.min(to, document.length));
  return to > document.length ? [...lines, ...FINAL] : lines;
}

/** The whole lines around units [from, to] of the document: from the start of the first to behind the "\n" of the last. */
export function wholeLines(
  document: Document,
  from: number,
  to: number,
): { readonly from: number; readonly to: number } {
  const last = document.lineAt(to);
  const isOpen = last === document.lineCount - 1;
  return {
    from: document.lineStart(document.lineAt(from)),
    to: isOpen ? document.length + 1 : document.lineStart(last + 1),
  };
}
