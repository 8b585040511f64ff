import { moveCursors, placeCursors, type RemoteCursor } from "@tutti/binding";
import type { PresenceHandle } from "@tutti/client";
import { transformPosition } from "@tutti/ot";
import { type EditorState, Plugin, PluginKey, type PluginView, type Transaction } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { bindingOf } from "./binding.js";
import { deltaOf, isShown, metaOf } from "./collab-state.js";
import { indexOf } from "./positions.js";

interface CursorState {
  readonly cursors: readonly RemoteCursor[];
  /** Grows with every move of my own caret that the others should know. */
  readonly ownMoves: number;
}

export type PresencePort = Pick<EditorView, "state" | "dispatch">;

export const cursorKey = new PluginKey<CursorState>("tuttiCursors");

/** Keeps where the others are, and tells them where I am (P2, P4). */
export function remoteCursors(presence: PresenceHandle): Plugin {
  return new Plugin<CursorState>({
    key: cursorKey,
    state: {
      init: () => ({ cursors: [], ownMoves: 0 }),
      apply: (tr, value) => nextCursors(value, tr),
    },
    view: (view) => new PresenceView(view, presence),
    props: {
      handleDOMEvents: {
        focus: (view) => {
          tellOwnCursor(view.state, presence);
          return false;
        },
      },
    },
  });
}

class PresenceView implements PluginView {
  readonly #view: PresencePort;
  readonly #presence: PresenceHandle;
  readonly #cancel: () => void;
  #scheduled = false;
  #destroyed = false;
  #told = 0;

  constructor(view: PresencePort, presence: PresenceHandle) {
    this.#view = view;
    this.#presence = presence;
    this.#cancel = presence.on("change", () => this.#refreshSoon());
    this.#refreshSoon();
  }

  update(): void {
    const moves = cursorKey.getState(this.#view.state)?.ownMoves ?? 0;
    if (moves !== this.#told) tellOwnCursor(this.#view.state, this.#presence);
    this.#told = moves;
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
    const { state } = this.#view;
    const known = cursorKey.getState(state)?.cursors ?? [];
    const cursors = placeCursors(this.#presence.others, known, bindingOf(state)?.held ?? []);
    if (JSON.stringify(cursors) === JSON.stringify(known)) return;
    this.#view.dispatch(state.tr.setMeta(cursorKey, cursors).setMeta("addToHistory", false));
  }
}

function tellOwnCursor(state: EditorState, presence: PresenceHandle): void {
  const held = bindingOf(state)?.held ?? [];
  const index = (position: number): number => transformPosition(held, indexOf(state.doc, position), "left");
  presence.setCursor({ anchor: index(state.selection.anchor), head: index(state.selection.head) });
}

function nextCursors(value: CursorState, tr: Transaction): CursorState {
  const placed = tr.getMeta(cursorKey) as readonly RemoteCursor[] | undefined;
  const mine = isShown(tr) ? metaOf(tr)?.movesCaret === true : tr.docChanged || tr.selectionSet;
  const ownMoves = value.ownMoves + (mine ? 1 : 0);
  if (placed === undefined && !tr.docChanged) return mine ? { ...value, ownMoves } : value;
  const by = isShown(tr) ? "others" : "me";
  return { cursors: placed ?? moveCursors(value.cursors, deltaOf(tr), by), ownMoves };
}
