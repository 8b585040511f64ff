import * as Y from "yjs";
import type { Keystroke } from "../../merge/edits.js";
import { TEXT_NAME } from "../../server/dialects/yjs.js";

/** A text of Yjs, whoever brings it to others. */
export class YjsText {
  readonly document = new Y.Doc();
  changed: () => void = () => undefined;
  readonly #text = this.document.getText(TEXT_NAME);

  constructor() {
    this.#text.observe(() => this.changed());
  }

  get length(): number {
    return this.#text.length;
  }

  write(text: string): void {
    this.#text.insert(0, text);
  }

  type({ index, text }: Keystroke): void {
    if (text === "") this.#text.delete(index, 1);
    else this.#text.insert(index, text);
  }

  text(): string {
    return this.#text.toString();
  }
}
