import type { Person, PresenceHandle } from "@tutti/client";
import { basePosition, type Operation, transformPosition } from "@tutti/ot";
import type { Node } from "prosemirror-model";
import { type EditorState, Plugin, PluginKey, type PluginView, type Transaction } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";
import { bindingOf } from "./binding.js";
import { deltaOf, isShown, metaOf } from "./collab-state.js";
import { indexOf, positionOf } from "./positions.js";

/** Where somebody else is. Indices of the text that the editor shows, in UTF-16 units. */
export interface RemoteCursor {
  readonly client: string;
  readonly name: string;
  readonly colour: string;
  readonly anchor: number;
  readonly head: number;
  /** How often the person moved: a new number shows the name again. */
  readonly moves: number;
}

interface CursorState {
  readonly cursors: readonly RemoteCursor[];
  readonly decorations: DecorationSet;
  /** Grows with every move of my own caret that the others should know. */
  readonly ownMoves: number;
}

export type PresencePort = Pick<EditorView, "state" | "dispatch" | "composing">;

export const cursorKey = new PluginKey<CursorState>("tuttiCursors");

/** Shows where the others are, and tells them where I am (P2, P4). */
export function remoteCursors(presence: PresenceHandle): Plugin {
  return new Plugin<CursorState>({
    key: cursorKey,
    state: {
      init: () => ({ cursors: [], decorations: DecorationSet.empty, ownMoves: 0 }),
      apply: (tr, value) => nextCursors(value, tr),
    },
    view: (view) => new PresenceView(view, presence),
    props: {
      decorations: (state) => cursorKey.getState(state)?.decorations,
      handleDOMEvents: {
        focus: (view) => {
          tellOwnCursor(view.state, presence);
          return false;
        },
      },
    },
  });
}

/** The cursors of the people who are somewhere; who moved since `previous` gets a new number of moves. */
export function placeCursors(
  others: readonly Person[],
  previous: readonly RemoteCursor[],
  held: Operation,
): readonly RemoteCursor[] {
  return others.flatMap(({ client, user, colour, cursor }) => {
    if (cursor === null) return [];
    const anchor = basePosition(held, cursor.anchor);
    const head = basePosition(held, cursor.head);
    const old = previous.find((known) => known.client === client);
    const moved = old === undefined || old.anchor !== anchor || old.head !== head;
    return [{ client, name: user.name, colour, anchor, head, moves: (old?.moves ?? 0) + (moved ? 1 : 0) }];
  });
}

/**
 * The cursors after a transaction. What I type at somebody's caret comes behind it, as it does on their screen; what
 * arrives there is most likely their own typing, which pushes the caret along until their next message says so.
 */
export function moveCursors(cursors: readonly RemoteCursor[], tr: Transaction): readonly RemoteCursor[] {
  const delta = deltaOf(tr);
  const bias = isShown(tr) ? "right" : "left";
  return cursors.map((cursor) => ({
    ...cursor,
    anchor: transformPosition(delta, cursor.anchor, bias),
    head: transformPosition(delta, cursor.head, bias),
  }));
}

class PresenceView implements PluginView {
  readonly #view: PresencePort;
  readonly #presence: PresenceHandle;
  readonly #cancel: () => void;
  #scheduled = false;
  #stale = false;
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
    if (this.#stale) this.#refreshSoon();
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
      // A cursor drawn into the word that an input method composes would end the composition.
      this.#stale = !this.#destroyed && this.#view.composing;
      if (!this.#destroyed && !this.#stale) this.#refresh();
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
  const cursors = placed ?? moveCursors(value.cursors, tr);
  return {
    cursors,
    ownMoves,
    decorations: DecorationSet.create(
      tr.doc,
      cursors.flatMap((one) => draw(tr.doc, one)),
    ),
  };
}

function draw(document: Node, cursor: RemoteCursor): readonly Decoration[] {
  const anchor = positionOf(document, cursor.anchor);
  const head = positionOf(document, cursor.head);
  const colour = safeColour(cursor.colour);
  const caret = Decoration.widget(head, (view) => drawCaret(view.dom.ownerDocument, cursor, colour), {
    key: JSON.stringify([cursor.client, cursor.moves, cursor.name, colour]),
    side: 10,
    ignoreSelection: true,
  });
  if (anchor === head) return [caret];
  const style = `--tutti-colour: ${colour}`;
  const [from, to] = [Math.min(anchor, head), Math.max(anchor, head)];
  return [caret, Decoration.inline(from, to, { class: "tutti-selection", style })];
}

function drawCaret(page: globalThis.Document, cursor: RemoteCursor, colour: string): HTMLElement {
  const caret = page.createElement("span");
  caret.className = "tutti-cursor";
  caret.setAttribute("aria-hidden", "true");
  caret.style.setProperty("--tutti-colour", colour);
  const name = page.createElement("span");
  name.className = "tutti-cursor-name";
  name.textContent = cursor.name;
  // The word joiners keep the caret on the line of the letter before it.
  caret.append("\u2060", name, "\u2060");
  return caret;
}

/** A colour that is written into a style attribute: nothing but a colour may come through (A5). */
export function safeColour(colour: string): string {
  const isColour = /^(?:#[0-9a-f]{3,8}|[a-z]{3,30}|(?:rgb|hsl|oklch|oklab|lab|lch)a?\([\d\s.,%/a-z-]{1,60}\))$/i;
  return isColour.test(colour) ? colour : "#6b7280";
}
