import type { EditorState, Transaction, TransactionSpec } from "@codemirror/state";
import type { EditorView, PluginValue, ViewUpdate } from "@codemirror/view";
import type { DocumentHandle } from "@tutti/client";
import * as fc from "fast-check";
import { Binding, type ReportError, registerBinding } from "../src/binding.js";
import { PresenceSync } from "../src/cursors.js";
import { tuttiState } from "../src/index.js";

/** What an EditorView does with its state and the two plugins of the binding, without a page. */
export class TestEditor {
  state: EditorState;
  composing = false;
  readonly binding: Binding;
  #updating = false;
  readonly #plugins: readonly PluginValue[];

  constructor(doc: DocumentHandle, report: ReportError = () => undefined, state = tuttiState(doc)) {
    this.state = state;
    const view = this as unknown as EditorView;
    this.binding = new Binding(view, doc, report);
    registerBinding(view, this.binding);
    this.#plugins = [this.binding, new PresenceSync(view, doc.presence)];
  }

  dispatch = (...specs: TransactionSpec[]): void => {
    if (this.#updating) throw new Error("Calls to EditorView.update are not allowed while an update is in progress");
    const tr: Transaction = this.state.update(...specs);
    const update = { transactions: [tr], startState: tr.startState, state: tr.state } as unknown as ViewUpdate;
    this.state = tr.state;
    this.#updating = true;
    for (const plugin of this.#plugins) plugin.update?.(update);
    this.#updating = false;
  };

  get text(): string {
    return this.state.doc.toString();
  }

  destroy(): void {
    for (const plugin of this.#plugins) plugin.destroy?.();
  }
}

/** Lets everything run that was put off to a microtask. */
export async function microtasks(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

/** Runs a property; a failure prints its seed and the smallest counterexample. */
export function check<T>(property: fc.IProperty<T>, runs = 300): void {
  const details = fc.check(property, { numRuns: runs });
  if (details.failed) throw new Error(fc.defaultReportMessage(details));
}

/** Text with everything that breaks naive code: line ends of all kinds and surrogate pairs that share a half. */
export const texts = fc
  .array(fc.constantFrom("a", "a", "b", "\n", "\r\n", "\r", "\u{1F600}", "\u{1F601}", "word", "\uFFFC"), {
    maxLength: 10,
  })
  .map((pieces) => pieces.join(""));

/** The index, or the one before when it lies inside a surrogate pair. */
export function wholeIndex(text: string, index: number): number {
  const cut = /[\uD800-\uDBFF]$/.test(text.slice(0, index)) && /^[\uDC00-\uDFFF]/.test(text.slice(index));
  return cut ? index - 1 : index;
}

/** Changes at random places, ready for any text. */
export const edits = fc.array(
  fc.record({ from: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat({ max: 4 }), insert: texts }),
  { minLength: 1, maxLength: 3 },
);
export type Edits = typeof edits extends fc.Arbitrary<infer T> ? T : never;

/** The edits as changes of `text` that don't overlap and don't tear surrogate pairs apart. */
export function changesOn(text: string, wanted: Edits): { from: number; to: number; insert: string }[] {
  let free = 0;
  return [...wanted]
    .sort((a, b) => a.from - b.from)
    .map(({ from, length, insert }) => {
      const start = Math.max(free, wholeIndex(text, Math.round(from * text.length)));
      const end = Math.max(start, wholeIndex(text, Math.min(text.length, start + length)));
      free = end;
      return { from: start, to: end, insert };
    });
}
