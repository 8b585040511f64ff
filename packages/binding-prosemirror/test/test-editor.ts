import type { DocumentHandle } from "@tutti/client";
import type { EditorState, PluginView, Transaction } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { cursorLayerKey } from "../src/cursor-layer.js";
import { type CollabOptions, tuttiEditing, tuttiState } from "../src/index.js";

/** What an EditorView does with its state and plugins, without a page. */
export class TestEditor {
  state: EditorState;
  composing = false;
  readonly #views: PluginView[];

  constructor(state: EditorState) {
    this.state = state;
    // Without a page, nothing can be drawn.
    const plugins = state.plugins.filter((plugin) => plugin.spec.key !== cursorLayerKey);
    this.#views = plugins.flatMap((plugin) => plugin.spec.view?.(this.asView()) ?? []);
  }

  static on(doc: DocumentHandle, options?: CollabOptions): TestEditor {
    return new TestEditor(tuttiState(doc, tuttiEditing(), options));
  }

  dispatch = (tr: Transaction): void => {
    const before = this.state;
    this.state = before.apply(tr);
    for (const view of this.#views) view.update?.(this.asView(), before);
  };

  destroy(): void {
    for (const view of this.#views) view.destroy?.();
  }

  asView(): EditorView {
    return this as unknown as EditorView;
  }
}

/** Lets everything run that was put off to a microtask. */
export async function microtasks(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}
