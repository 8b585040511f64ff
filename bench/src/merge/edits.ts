import { continuesRun, growRun, moveRun, type Operation, type Run } from "@tutti/ot";
import { SeededRandom } from "@tutti/testkit";

/** One keystroke as an editor tells of it: at `index` either one letter comes or one goes. */
export interface Keystroke {
  readonly index: number;
  /** "" where the letter at `index` goes. */
  readonly text: string;
}

/**
 * How people edit while they do not see each other. words: 20 to 200 keystrokes at one place, one of twenty a
 * correction, then on elsewhere. scattered: each keystroke somewhere else, one of five takes a letter away.
 */
export type Shape = "words" | "scattered";
export const SHAPES: readonly Shape[] = ["words", "scattered"];

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** @param length of the text that they are made on, in letters */
export function keystrokes(shape: Shape, count: number, length: number, seed: number): readonly Keystroke[] {
  const random = new SeededRandom(seed);
  const list: Keystroke[] = [];
  let size = length;
  let caret = 0;
  for (let left = 0; list.length < count; left -= 1) {
    if (left === 0) {
      caret = random.integer(size + 1);
      left = shape === "words" ? random.between(20, 200) : 1;
    }
    const erases = caret > 0 && random.chance(shape === "words" ? 0.05 : 0.2);
    list.push(erases ? { index: caret - 1, text: "" } : { index: caret, text: LETTERS[random.integer(26)] ?? "a" });
    caret += erases ? -1 : 1;
    size += erases ? -1 : 1;
  }
  return list;
}

/** The same as operations, with the bit as the client sets it. */
export function operationsOf(list: readonly Keystroke[]): readonly Operation[] {
  let run: Run | undefined;
  return list.map(({ index, text }) => {
    const place = index === 0 ? [] : [{ retain: index }];
    if (text === "") {
      const operation: Operation = [...place, { delete: 1 }];
      run = moveRun(run, operation);
      return operation;
    }
    const continues = continuesRun(run, index);
    run = growRun(run, index, text.length);
    return [...place, continues ? { insert: text, continues: true } : { insert: text }];
  });
}

/** Letters to edit. */
export function textOf(length: number, seed: number): string {
  const random = new SeededRandom(seed);
  return Array.from({ length }, () => (random.chance(0.17) ? " " : (LETTERS[random.integer(26)] ?? "a"))).join("");
}
