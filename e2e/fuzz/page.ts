import { type DocumentHandle, TuttiClient } from "@tutti/client";
import type { Random } from "@tutti/protocol";
import { delayedSocket } from "./delayed-socket.js";
import { createEditor, type EditorKind, type FuzzEditor } from "./editors.js";

export interface FuzzSettings {
  readonly kind: EditorKind;
  readonly document: string;
  readonly tokens: readonly string[];
  readonly seed: number;
  /** Longest time that a message is on its way, in milliseconds. */
  readonly delay: number;
}

/** What is the same for everybody in the end, or how it is not. */
export interface FuzzReport {
  readonly versions: readonly number[];
  readonly checksums: readonly number[];
  readonly contents: readonly string[];
  readonly differences: readonly string[];
  readonly refused: readonly string[];
}

/** A random edit of somebody who has no editor, but formats and objects that the editors don't know. */
export interface StrangerEdit {
  readonly kind: "insert" | "delete" | "format" | "embed" | "undo";
  /** Part of the length of the text, 0 to 1. */
  readonly at: number;
  readonly length: number;
  readonly text: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Two editors of two clients on one document, and a stranger. All that happens is decided outside. */
class FuzzPage {
  #documents: readonly DocumentHandle[] = [];
  #editors: readonly FuzzEditor[] = [];
  readonly #refused: string[] = [];

  async open({ kind, document: id, tokens, seed, delay }: FuzzSettings): Promise<void> {
    this.#documents = tokens.map((token, index) => {
      const random = randomFrom(seed + index);
      const client = new TuttiClient({ url: location.origin, token, WebSocket: delayedSocket(random, delay) });
      return client.open(id);
    });
    await Promise.all(this.#documents.map((doc) => doc.ready));
    this.#editors = this.#documents.slice(0, 2).map((doc, index) => {
      const parent = document.getElementById(`editor-${index}`);
      if (parent === null) throw new Error("the page has no place for editors");
      return createEditor(kind, parent, doc, (error) => this.#refused.push(String(error)));
    });
  }

  focus(editor: number): void {
    this.#editor(editor).focus();
  }

  select(editor: number, anchor: number, head: number): void {
    this.#editor(editor).focus();
    this.#editor(editor).select(anchor, head);
  }

  command(editor: number, choice: number): void {
    this.#editor(editor).command(choice);
  }

  paste(editor: number, data: Readonly<Record<string, string>>): void {
    const clipboardData = new DataTransfer();
    for (const [type, text] of Object.entries(data)) clipboardData.setData(type, text);
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    this.#editor(editor).element.dispatchEvent(event);
  }

  stranger({ kind, at, length, text, attributes }: StrangerEdit): void {
    const doc = this.#documents.at(-1);
    if (doc === undefined) return;
    const index = wholeIndex(doc.text(), Math.round(at * doc.length));
    const end = wholeIndex(doc.text(), Math.min(doc.length, index + length));
    if (kind === "insert") doc.insert(index, text, attributes);
    else if (kind === "embed") doc.insert(index, { mystery: text }, attributes);
    else if (kind === "undo") doc.undo();
    else if (end > index && kind === "delete") doc.delete(index, end - index);
    else if (end > index) doc.format(index, end - index, attributes);
  }

  /** The text of everybody, as they have it now. */
  texts(): readonly string[] {
    return this.#documents.map((doc) => doc.text());
  }

  content(person: number): unknown {
    return this.#documents[person]?.content();
  }

  /** What somebody without an editor edits, as a Delta. */
  edit(delta: unknown): void {
    this.#documents.at(-1)?.edit(delta);
  }

  element(editor: number): HTMLElement {
    return this.#editor(editor).element;
  }

  /** Waits until nothing is on its way any more. */
  async settle(): Promise<FuzzReport> {
    const documents = this.#documents;
    const isQuiet = () => new Set(documents.map((doc) => doc.version)).size === 1;
    for (let round = 0; round < 200; round += 1) {
      await Promise.all(documents.map((doc) => doc.saved()));
      await new Promise(requestAnimationFrame);
      if (isQuiet() && round > 3) break;
    }
    const differences = this.#editors.flatMap((editor, index) => {
      const doc = documents[index];
      return doc === undefined ? [] : (editor.difference(doc) ?? []);
    });
    return {
      versions: documents.map((doc) => doc.version),
      checksums: documents.map((doc) => doc.checksum),
      contents: documents.map((doc) => JSON.stringify(doc.content())),
      differences,
      refused: this.#refused,
    };
  }

  #editor(index: number): FuzzEditor {
    const editor = this.#editors[index];
    if (editor === undefined) throw new Error(`there is no editor ${index}`);
    return editor;
  }
}

const wholeIndex = (text: string, index: number): number =>
  /[\uD800-\uDBFF]$/.test(text.slice(0, index)) && /^[\uDC00-\uDFFF]/.test(text.slice(index)) ? index - 1 : index;

/** mulberry32: enough for delays. */
function randomFrom(seed: number): Random {
  let state = seed;
  return {
    next: () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    },
  };
}

declare global {
  interface Window {
    readonly fuzz: FuzzPage;
  }
}
Object.assign(window, { fuzz: new FuzzPage() });
