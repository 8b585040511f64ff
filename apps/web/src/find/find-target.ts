import type { TextView } from "../editor/text-view.js";

/** A place in a document, in UTF-16 units from 0. */
export interface Place {
  readonly index: number;
  readonly length: number;
}

/** What finding, and the list of people, need of an editor. */
export interface FindTarget extends TextView {
  /** Marks places in the text, from left to right, `current` more than the others; -1: none. They move with the text. */
  mark(places: readonly Place[], current: number): void;
  /** Scrolls to a place that is marked as the current one. */
  reveal(place: Place): void;
  /** Gives the editor the focus, and selects a place where one is given. */
  enter(place: Place | undefined): void;
  /** Where the selection begins. */
  caret(): number;
  /** Empty where nothing is selected. */
  selectedText(): string;
}
