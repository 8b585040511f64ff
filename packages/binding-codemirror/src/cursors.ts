import { type EditorState, type Extension, StateEffect, StateField, type Transaction } from "@codemirror/state";
import { EditorView, type PluginValue, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import type { Person, PresenceHandle } from "@tutti/client";
import { type EditorPort, movesCaret, shown } from "./binding.js";
import { cursorLayers } from "./cursor-layers.js";

/** Where somebody else is, in UTF-16 units of the text that the editor shows. */
export interface RemoteCursor {
  readonly client: string;
  readonly name: string;
  readonly colour: string;
  readonly anchor: number;
  readonly head: number;
  /** How often the person moved: a new number shows the name again. */
  readonly moves: number;
}

const placeCursors = StateEffect.define<readonly Person[]>();

/** Where the others are; follows the text between their messages (P4). */
export const cursorField = StateField.define<readonly RemoteCursor[]>({
  create: () => [],
  update: (cursors, tr) => {
    const moved = tr.docChanged ? cursors.map((cursor) => follow(cursor, tr)) : cursors;
    return tr.effects.reduce((now, effect) => {
      return effect.is(placeCursors) ? placed(effect.value, now, tr.newDoc.length) : now;
    }, moved);
  },
});

/** Shows where the others are, and tells them where I am (P2, P4). */
export function remoteCursors(presence: PresenceHandle): Extension {
  return [
    cursorField,
    ViewPlugin.define((view) => new PresenceSync(view, presence)),
    cursorLayers(cursorField),
    EditorView.domEventHandlers({
      focus: (_event, view) => tellOwnCursor(view.state, presence),
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

  update(update: Pick<ViewUpdate, "transactions" | "state">): void {
    if (update.transactions.some(movesOwnCaret)) tellOwnCursor(update.state, this.#presence);
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
      const { others } = this.#presence;
      if (!this.#destroyed) this.#view.dispatch({ effects: placeCursors.of(others) });
    });
  }
}

function movesOwnCaret(tr: Transaction): boolean {
  if (tr.annotation(shown) === true) return tr.annotation(movesCaret) === true;
  return tr.docChanged || tr.selection !== undefined;
}

function tellOwnCursor(state: EditorState, presence: PresenceHandle): void {
  const { anchor, head } = state.selection.main;
  presence.setCursor({ anchor, head });
}

/**
 * What I type at somebody's caret comes behind it, as it does on their screen; what arrives there is most likely their
 * own typing, which pushes the caret along until their next message says so.
 */
function follow(cursor: RemoteCursor, tr: Transaction): RemoteCursor {
  const side = tr.annotation(shown) === true ? 1 : -1;
  return { ...cursor, anchor: tr.changes.mapPos(cursor.anchor, side), head: tr.changes.mapPos(cursor.head, side) };
}

function placed(others: readonly Person[], previous: readonly RemoteCursor[], length: number): readonly RemoteCursor[] {
  return others.flatMap(({ client, user, colour, cursor }) => {
    if (cursor === null) return [];
    const anchor = Math.min(cursor.anchor, length);
    const head = Math.min(cursor.head, length);
    const old = previous.find((known) => known.client === client);
    const moved = old === undefined || old.anchor !== anchor || old.head !== head;
    return [{ client, name: user.name, colour, anchor, head, moves: (old?.moves ?? 0) + (moved ? 1 : 0) }];
  });
}
