import { componentLength, type Operation } from "@tutti/ot";
import type { Opened } from "@tutti/protocol";

/** The content of a document as it arrives: at once, or part by part. */
export class ArrivingContent {
  #parts: Operation[] = [];
  /** UTF-16 units that are here. */
  #reached = 0;

  /**
   * Takes the next answer to `open`.
   * @returns the answer with the whole content, when all of it is here; one without parts as it is
   */
  take(message: Opened): Opened | undefined {
    const { content, part, ...rest } = message;
    if (part === undefined || content === undefined) return message;
    if (part.from === 0) this.clear();
    // The rest of what an earlier `open` asked for.
    if (part.from !== this.#reached) return undefined;
    this.#parts.push(content);
    this.#reached += content.reduce((sum, component) => sum + componentLength(component), 0);
    if (this.#reached < part.length) return undefined;
    const whole = this.#parts.flat();
    this.clear();
    return { ...rest, content: whole };
  }

  /** What came so far is of no use any more. */
  clear(): void {
    this.#parts = [];
    this.#reached = 0;
  }
}
