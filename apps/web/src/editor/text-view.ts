/** Where the text of a document is shown, for what stands around it. */
export interface TextView {
  /** Brings a position of the text, in UTF-16 units, into the middle of the window. */
  scrollTo(index: number): void;
}
