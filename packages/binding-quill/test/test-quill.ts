import type { DocumentHandle } from "@tutti/client";
import { Document, normalise, type Operation, parseOperation } from "@tutti/ot";
import { Binding, type EditorPort, type ReportError } from "../src/binding.js";
import { opsFromOperation } from "../src/from-editor.js";
import { shown } from "./formats.js";

type Listener = (...values: unknown[]) => void;

/** What Quill does with its content, its selection and its events, without a page. */
export class TestQuill {
  readonly composition = { isComposing: false };
  readonly binding: Binding;
  focused = true;
  enabled = true;
  selected: { index: number; length: number } | null = null;
  readonly selection = { savedRange: { index: 0, length: 0 } };
  #content = Document.fromDelta([{ insert: "\n" }]);
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(doc: DocumentHandle, report: ReportError = () => undefined) {
    this.binding = new Binding(this as unknown as EditorPort, doc, shown, report, () => undefined);
  }

  on(event: string, listener: Listener): void {
    this.#listeners.set(event, (this.#listeners.get(event) ?? new Set()).add(listener));
  }

  off(event: string, listener: Listener): void {
    this.#listeners.get(event)?.delete(listener);
  }

  emit(event: string, ...values: unknown[]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(...values);
  }

  get content(): Operation {
    return this.#content.toDelta();
  }

  get text(): string {
    return this.#content.text();
  }

  getContents(from = 0, length = this.#content.length - from): { ops: Operation } {
    return { ops: this.#content.slice(from, from + length) };
  }

  getLength(): number {
    return this.#content.length;
  }

  setContents(ops: unknown): void {
    this.#content = Document.fromDelta(ops);
    this.emit("text-change", { ops }, { ops: [] }, "api");
  }

  updateContents(ops: unknown, source: string): void {
    this.#content = this.#content.apply(normalise(parseOperation(ops)));
    this.emit("text-change", { ops }, { ops: [] }, source);
  }

  setSelection(index: number, length: number, source: string): void {
    this.selected = { index, length };
    this.selection.savedRange = this.selected;
    this.emit("editor-change", "selection-change", this.selected, null, source);
  }

  hasFocus(): boolean {
    return this.focused;
  }

  getSelection(): { index: number; length: number } | null {
    return this.selected;
  }

  enable(enabled: boolean): void {
    this.enabled = enabled;
  }

  update(): void {}

  /** The person does this to what Quill shows. @param told what Quill says that it was; left out: just that */
  edit(change: Operation, told: unknown = opsFromOperation(change)): void {
    this.#content = this.#content.apply(change);
    this.emit("text-change", { ops: told }, { ops: [] }, "user");
  }

  endComposition(): void {
    this.emit("composition-end");
    this.composition.isComposing = false;
  }
}

/** Lets everything run that was put off to a microtask. */
export async function microtasks(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}
