import * as Automerge from "@automerge/automerge";
import { Document, type Operation } from "@tutti/ot";
import { LoroDoc } from "loro-crdt";
import { type as unicodeText } from "ot-text-unicode";
import quillDeltaModule from "quill-delta";
import * as Yjs from "yjs";

// A CommonJS package: its default export is a member of what Node imports.
const QuillDelta = quillDeltaModule.default;

/** At a position (UTF-16 units) remove so many units, then put text there. */
export interface Splice {
  readonly at: number;
  readonly removed: number;
  readonly text: string;
}
export type Apply = (splice: Splice) => void;

/** One loaded text in one of the measured engines. */
export interface LoadedText {
  /** Hands an `apply` to `work`; the engine may wrap all of it as it likes best. */
  edit(work: (apply: Apply) => void): void;
  text(): string;
  /** What is kept alive while memory is measured. */
  readonly held: unknown;
}

export type EngineName = keyof typeof ENGINES;

/** Every engine is used in the way that suits it best: see the remarks at each. */
export const ENGINES = {
  tutti: (start: string): LoadedText => tutti(start, false),
  /** As client and server use it: the checksum is asked after every edit. */
  "tutti + checksum": (start: string): LoadedText => tutti(start, true),
  yjs,
  loro,
  automerge,
  "quill-delta": quillDelta,
  "ot-text-unicode": otTextUnicode,
} as const;

function operationOf({ at, removed, text }: Splice): Operation {
  const parts: Operation[number][] = [];
  if (at > 0) parts.push({ retain: at });
  if (text !== "") parts.push({ insert: text });
  if (removed > 0) parts.push({ delete: removed });
  return parts;
}

function tutti(start: string, withChecksum: boolean): LoadedText {
  let document = Document.fromDelta(start === "" ? [] : [{ insert: start }]);
  let checksum = withChecksum ? document.checksum : 0;
  return {
    edit: (work) =>
      work((splice) => {
        document = document.apply(operationOf(splice));
        if (withChecksum) checksum = document.checksum;
      }),
    text: () => document.text(),
    held: () => [document, checksum],
  };
}

/** Each edit is a transaction of its own, as typing makes them. */
function yjs(start: string): LoadedText {
  const document = new Yjs.Doc();
  const text = document.getText("text");
  if (start !== "") text.insert(0, start);
  return {
    edit: (work) =>
      work((splice) => {
        if (splice.removed > 0) text.delete(splice.at, splice.removed);
        if (splice.text !== "") text.insert(splice.at, splice.text);
      }),
    text: () => text.toString(),
    held: document,
  };
}

/** One commit at the end: cheaper than one for each edit. */
function loro(start: string): LoadedText {
  const document = new LoroDoc();
  const text = document.getText("text");
  if (start !== "") text.insert(0, start);
  document.commit();
  return {
    edit: (work) => {
      work((splice) => {
        if (splice.removed > 0) text.delete(splice.at, splice.removed);
        if (splice.text !== "") text.insert(splice.at, splice.text);
      });
      document.commit();
    },
    text: () => text.toString(),
    held: document,
  };
}

/** One change around all edits: far cheaper than one for each edit. */
function automerge(start: string): LoadedText {
  let document = Automerge.from({ text: start });
  return {
    edit: (work) => {
      document = Automerge.change(document, (draft) =>
        work((splice) => Automerge.splice(draft, ["text"], splice.at, splice.removed, splice.text)),
      );
    },
    text: () => document.text,
    held: () => document,
  };
}

function quillDelta(start: string): LoadedText {
  let document = new QuillDelta().insert(start);
  return {
    edit: (work) =>
      work((splice) => {
        document = document.compose(new QuillDelta().retain(splice.at).insert(splice.text).delete(splice.removed));
      }),
    text: () => document.reduce((text, part) => text + (typeof part.insert === "string" ? part.insert : ""), ""),
    held: () => document,
  };
}

/** Counts code points: the same as units in the texts that are measured. */
function otTextUnicode(start: string): LoadedText {
  let document = start;
  return {
    edit: (work) =>
      work(({ at, removed, text }) => {
        const operation: (number | string | { d: number })[] = [];
        if (at > 0) operation.push(at);
        if (text !== "") operation.push(text);
        if (removed > 0) operation.push({ d: removed });
        document = unicodeText.apply(document, operation);
      }),
    text: () => document,
    held: () => document,
  };
}
