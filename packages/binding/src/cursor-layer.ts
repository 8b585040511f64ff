import { adoptCursorStyle } from "./cursor-style.js";
import type { RemoteCursor } from "./remote-cursors.js";

/** A rectangle in the coordinates of the window, in CSS pixels. */
export type Box = Pick<DOMRectReadOnly, "left" | "top" | "width" | "height">;

/** Where somebody's caret and selection are on the screen. */
export interface MeasuredCursor {
  readonly cursor: RemoteCursor;
  /** undefined: the place is not on the screen. */
  readonly caret: Box | undefined;
  readonly selection: readonly Box[];
}

export interface CursorLayerOptions {
  /** The layer becomes its last child; it is made the origin of positions if it is none. */
  readonly parent: HTMLElement;
  /** The element with the text: when it scrolls or changes its size, everything is measured again. */
  readonly text: HTMLElement;
  /** Asked once a frame at most, when everything is laid out. */
  readonly measure: () => readonly MeasuredCursor[];
}

/** Room that a name needs beside its caret, in CSS pixels; with less, it stands on the other side. */
const ROOM_FOR_NAME = 120;

/**
 * Draws carets, selections and names of the others over the text, not into it: so they disturb no input method, wrap
 * no line and are part of no selection. One element per person, moved and never made anew, so nothing flickers (P4).
 * Screen readers skip it; who is here is told elsewhere.
 */
export class CursorLayer {
  readonly #options: CursorLayerOptions;
  readonly #layer: HTMLElement;
  readonly #people = new Map<string, DrawnPerson>();
  readonly #observer: ResizeObserver;
  readonly #ending = new AbortController();
  #frame: number | undefined;

  constructor(options: CursorLayerOptions) {
    this.#options = options;
    const { parent, text } = options;
    const page = parent.ownerDocument;
    adoptCursorStyle(parent);
    if (getComputedStyle(parent).position === "static") parent.style.position = "relative";
    this.#layer = page.createElement("div");
    this.#layer.className = "tutti-cursors";
    this.#layer.setAttribute("aria-hidden", "true");
    parent.append(this.#layer);
    this.#observer = new ResizeObserver(() => this.refresh());
    this.#observer.observe(text);
    const listening = { signal: this.#ending.signal, passive: true };
    text.addEventListener("scroll", () => this.#followScroll(), listening);
    // The page scrolls: the layer goes along, but other parts of a long selection come near.
    page.addEventListener("scroll", () => this.refresh(), { ...listening, capture: true });
    text.addEventListener("load", () => this.refresh(), { ...listening, capture: true });
    page.fonts?.addEventListener?.("loadingdone", () => this.refresh(), listening);
    this.refresh();
  }

  /** Measures and draws in the next frame; however often it is called, once. */
  refresh(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#draw();
    });
  }

  destroy(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    this.#ending.abort();
    this.#observer.disconnect();
    this.#layer.remove();
  }

  /** The text moves under the carets: they must not glide after it. */
  #followScroll(): void {
    this.#layer.classList.add("tutti-still");
    this.#draw();
    requestAnimationFrame(() => this.#layer.classList.remove("tutti-still"));
  }

  #draw(): void {
    const measured = this.#options.measure();
    // Nobody here: the page need not be laid out for it.
    if (measured.length === 0 && this.#people.size === 0) return;
    const home = this.#layer.getBoundingClientRect();
    const present = new Set(measured.map(({ cursor }) => cursor.client));
    for (const [client, person] of this.#people) {
      if (present.has(client)) continue;
      person.remove();
      this.#people.delete(client);
    }
    for (const one of measured) {
      const person = this.#people.get(one.cursor.client) ?? new DrawnPerson(this.#layer);
      this.#people.set(one.cursor.client, person);
      person.show(one, home);
    }
  }
}

/** The elements of one person. */
class DrawnPerson {
  readonly #layer: HTMLElement;
  readonly #caret: HTMLElement;
  readonly #name: HTMLElement;
  #selection: readonly HTMLElement[] = [];
  #moves: number | undefined;

  constructor(layer: HTMLElement) {
    const page = layer.ownerDocument;
    this.#layer = layer;
    this.#caret = page.createElement("div");
    this.#caret.className = "tutti-cursor";
    this.#name = page.createElement("span");
    this.#name.className = "tutti-cursor-name";
    this.#caret.append(this.#name);
    layer.append(this.#caret);
  }

  show({ cursor, caret, selection }: MeasuredCursor, home: DOMRect): void {
    this.#caret.hidden = caret === undefined;
    this.#caret.style.setProperty("--tutti-colour", cursor.colour);
    this.#caret.style.setProperty("--tutti-glide", `${cursor.glide}ms`);
    // On a fading that runs already, the delay would count twice.
    if (this.#moves !== cursor.moves) this.#caret.style.setProperty("--tutti-idle", idleDelay(cursor));
    this.#moves = cursor.moves;
    this.#caret.classList.toggle("tutti-moved-0", cursor.moves % 2 === 0);
    this.#caret.classList.toggle("tutti-moved-1", cursor.moves % 2 === 1);
    if (this.#name.textContent !== cursor.name) this.#name.textContent = cursor.name;
    if (caret !== undefined) {
      place(this.#caret, caret, home);
      this.#caret.style.height = `${caret.height}px`;
      this.#name.classList.toggle("tutti-cursor-name-below", caret.top - home.top < caret.height);
      this.#name.classList.toggle("tutti-cursor-name-before", home.right - caret.left < ROOM_FOR_NAME);
    }
    this.#showSelection(selection, cursor.colour, home);
  }

  remove(): void {
    this.#caret.remove();
    for (const part of this.#selection) part.remove();
  }

  #showSelection(boxes: readonly Box[], colour: string, home: DOMRect): void {
    for (const part of this.#selection.slice(boxes.length)) part.remove();
    this.#selection = boxes.map((box, index) => {
      const part = this.#selection[index] ?? this.#layer.ownerDocument.createElement("div");
      part.className = "tutti-selection";
      part.style.setProperty("--tutti-colour", colour);
      part.style.width = `${box.width}px`;
      part.style.height = `${box.height}px`;
      place(part, box, home);
      if (!part.isConnected) this.#layer.prepend(part);
      return part;
    });
  }
}

/** As a CSS time: the fading of whoever did nothing for some time began then, not now. */
export const idleDelay = ({ active }: RemoteCursor, now: number = Date.now()): string =>
  `${Math.min(0, active - now)}ms`;

function place(element: HTMLElement, box: Box, home: DOMRect): void {
  element.style.transform = `translate(${box.left - home.left}px, ${box.top - home.top}px)`;
}
