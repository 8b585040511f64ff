import { EditorSelection, type Extension, type StateField } from "@codemirror/state";
import { type EditorView, type LayerMarker, layer, RectangleMarker, type ViewUpdate } from "@codemirror/view";
import { idleDelay, type RemoteCursor } from "@tutti/binding";

/**
 * Carets and selections of the others are drawn in layers behind and above the text, not in it: they cannot disturb an
 * input method, wrap a line or be selected. Screen readers skip layers.
 */
export function cursorLayers(field: StateField<readonly RemoteCursor[]>): Extension {
  const changed = (update: ViewUpdate): boolean =>
    update.docChanged || update.startState.field(field) !== update.state.field(field);
  return [
    layer({
      above: true,
      class: "tutti-cursors",
      update: changed,
      markers: (view) => view.state.field(field).flatMap((cursor) => caretMarkers(view, cursor)),
    }),
    layer({
      above: false,
      class: "tutti-selections",
      update: changed,
      markers: (view) => view.state.field(field).flatMap((cursor) => selectionMarkers(view, cursor)),
    }),
  ];
}

function caretMarkers(view: EditorView, cursor: RemoteCursor): readonly LayerMarker[] {
  return RectangleMarker.forRange(view, "", EditorSelection.cursor(within(view, cursor.head))).map(
    (place) => new CaretMarker(cursor, place),
  );
}

function selectionMarkers(view: EditorView, { anchor, head, colour }: RemoteCursor): readonly LayerMarker[] {
  if (anchor === head) return [];
  const range = EditorSelection.range(within(view, anchor), within(view, head));
  return RectangleMarker.forRange(view, "", range).map((place) => new SelectionMarker(colour, place));
}

/** A place that comes with the next message may lie behind the text of now. */
const within = (view: EditorView, index: number): number => Math.min(index, view.state.doc.length);

class SelectionMarker implements LayerMarker {
  readonly #colour: string;
  readonly #place: RectangleMarker;

  constructor(colour: string, place: RectangleMarker) {
    this.#colour = colour;
    this.#place = place;
  }

  eq(other: LayerMarker): boolean {
    return other instanceof SelectionMarker && this.#colour === other.#colour && this.#place.eq(other.#place);
  }

  draw(): HTMLElement {
    const dom = this.#place.draw();
    dom.className = "tutti-selection";
    dom.style.setProperty("--tutti-colour", this.#colour);
    return dom;
  }
}

class CaretMarker implements LayerMarker {
  readonly #cursor: RemoteCursor;
  readonly #place: RectangleMarker;

  constructor(cursor: RemoteCursor, place: RectangleMarker) {
    this.#cursor = cursor;
    this.#place = place;
  }

  eq(other: LayerMarker): boolean {
    if (!(other instanceof CaretMarker) || !this.#place.eq(other.#place)) return false;
    const { client, name, colour, moves } = other.#cursor;
    const own = this.#cursor;
    return own.client === client && own.name === name && own.colour === colour && own.moves === moves;
  }

  draw(): HTMLElement {
    const dom = document.createElement("div");
    const name = document.createElement("div");
    name.className = "tutti-cursor-name";
    dom.append(name);
    this.#fill(dom, undefined);
    return dom;
  }

  /** Moves the caret that is there, so that it glides (P4). */
  update(dom: HTMLElement, old: LayerMarker): boolean {
    if (!(old instanceof CaretMarker) || old.#cursor.client !== this.#cursor.client) return false;
    this.#fill(dom, old.#cursor.moves);
    return true;
  }

  /** @param before how often the person had moved when it was drawn last */
  #fill(dom: HTMLElement, before: number | undefined): void {
    const { name, colour, moves, glide } = this.#cursor;
    dom.style.setProperty("--tutti-glide", `${glide}ms`);
    // On a fading that runs already, the delay would count twice.
    if (before !== moves) dom.style.setProperty("--tutti-idle", idleDelay(this.#cursor));
    // Two names for one animation: a change from one to the other starts it again.
    dom.className = `tutti-cursor tutti-moved-${moves % 2}`;
    dom.style.setProperty("--tutti-colour", colour);
    dom.style.left = `${this.#place.left}px`;
    dom.style.top = `${this.#place.top}px`;
    dom.style.height = `${this.#place.height}px`;
    const label = dom.firstElementChild;
    if (label === null) return;
    if (label.textContent !== name) label.textContent = name;
    // Above the first line there is no room.
    label.classList.toggle("tutti-cursor-name-below", this.#place.top < this.#place.height);
  }
}
