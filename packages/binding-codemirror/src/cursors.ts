import { type Extension, StateEffect, StateField, type Transaction } from "@codemirror/state";
import { EditorView, type PluginValue, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { moveCursors, placeCursors, type RemoteCursor } from "@tutti/binding";
import type { PresenceHandle } from "@tutti/client";
import { transformPosition } from "@tutti/ot";
import { bindingOf, type EditorPort, movesCaret, shown } from "./binding.js";
import { cursorLayers } from "./cursor-layers.js";
import { deltaFromChanges } from "./from-editor.js";

const setCursors = StateEffect.define<readonly RemoteCursor[]>();

/** Where the others are; follows the text between their messages (P4). */
export const cursorField = StateField.define<readonly RemoteCursor[]>({
  create: () => [],
  update: (cursors, tr) =>
    tr.effects.reduce((now, effect) => (effect.is(setCursors) ? effect.value : now), followText(cursors, tr)),
});

/** Shows where the others are, and tells them where I am (P2, P4). */
export function remoteCursors(presence: PresenceHandle): Extension {
  return [
    cursorField,
    ViewPlugin.define((view) => new PresenceSync(view, presence)),
    cursorLayers(cursorField),
    EditorView.domEventHandlers({
      focus: (_event, view) => tellOwnCursor(view, presence),
    }),
  ];
}

/** Keeps the field and `PresenceHandle` equal. */
export class PresenceSync implements PluginValue {
  readonly #view: EditorPort;
  readonly #presence: PresenceHandle;
  readonly #cancel: () => void;
  #scheduled = false;
  #destroyed = false;

  constructor(view: EditorPort, presence: PresenceHandle) {
    this.#view = view;
    this.#presence = presence;
    this.#cancel = presence.on("change", () => this.#refreshSoon());
    this.#refreshSoon();
  }

  update(update: Pick<ViewUpdate, "transactions">): void {
    if (update.transactions.some(movesOwnCaret)) tellOwnCursor(this.#view, this.#presence);
  }

  destroy(): void {
    this.#destroyed = true;
    this.#cancel();
    this.#presence.setCursor(null);
  }

  /** In a microtask: by then the document, its cursors and the editor agree again. */
  #refreshSoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (!this.#destroyed) this.#refresh();
    });
  }

  #refresh(): void {
    const known = this.#view.state.field(cursorField);
    const cursors = placeCursors(this.#presence.others, known, bindingOf(this.#view)?.held);
    if (JSON.stringify(cursors) !== JSON.stringify(known)) this.#view.dispatch({ effects: setCursors.of(cursors) });
  }
}

function movesOwnCaret(tr: Transaction): boolean {
  if (tr.annotation(shown) === true) return tr.annotation(movesCaret) === true;
  return tr.docChanged || tr.selection !== undefined;
}

function tellOwnCursor(view: EditorPort, presence: PresenceHandle): void {
  const { anchor, head } = view.state.selection.main;
  const held = bindingOf(view)?.held ?? [];
  const place = (index: number): number => transformPosition(held, index, "left");
  presence.setCursor({ anchor: place(anchor), head: place(head) });
}

function followText(cursors: readonly RemoteCursor[], tr: Transaction): readonly RemoteCursor[] {
  if (!tr.docChanged || cursors.length === 0) return cursors;
  const delta = deltaFromChanges(tr.changes, tr.startState.doc, tr.newDoc);
  return moveCursors(cursors, delta, tr.annotation(shown) === true ? "others" : "me");
}
