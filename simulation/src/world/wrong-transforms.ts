import type { RebaseEngine } from "@tutti/client";
import { type Component, isDelete, isInsert, type Operation, receive } from "@tutti/ot";
import type { SeededRandom } from "@tutti/testkit";

type Receive = RebaseEngine["receive"];

/** Puts what others do one unit too far to the right. */
const shifted: Receive = (state, ...rest) => {
  const { state: next, apply } = receive(state, ...rest);
  return { state: next, apply: [{ retain: 1 }, ...apply] };
};

/** Forgets what the person did. */
const forgetful: Receive = (state, ...rest) => {
  const { state: next, apply } = receive(state, ...rest);
  return { state: { kind: "synchronised", version: next.version }, apply };
};

/** Moves what the person typed to the start of the text. */
const misplaced: Receive = (state, ...rest) => {
  const { state: next, apply } = receive(state, ...rest);
  // Nobody could notice that something else is deleted than was meant.
  const moved = (operation: Operation): Operation =>
    operation.every(isAdded) ? operation.filter(isInsert) : operation;
  const inFlight = "inFlight" in next ? { inFlight: moved(next.inFlight) } : {};
  const buffer = "buffer" in next ? { buffer: moved(next.buffer) } : {};
  return { state: { ...next, ...inFlight, ...buffer }, apply };
};

const isAdded = (part: Component): boolean => !isDelete(part) && (isInsert(part) || part.attributes === undefined);

/** Makes an operation that fits no document. */
const behindTheEnd: Receive = (state, ...rest) => {
  const { state: next } = receive(state, ...rest);
  return { state: next, apply: [{ retain: 100_000 }, { delete: 1 }] };
};

/** The ways in which an engine may be wrong. */
const FAULTS = [shifted, forgetful, misplaced, behindTheEnd] as const;

/**
 * A right engine that is wrong now and then, while something is pending: what a bug in it would do (C6). The same
 * question gets the same answer every time, as from any program: what a device has written down can be repeated.
 */
export class WrongTransforms {
  /** The probability that a transformation is wrong. */
  rate = 0;
  /** Wrong ones so far. */
  made = 0;
  readonly #ever: boolean;
  readonly #answers = new Map<string, Receive>();

  /** @param ever false: it is never wrong */
  constructor(ever: boolean) {
    this.#ever = ever;
  }

  engine(random: SeededRandom): RebaseEngine {
    return {
      receive: (state, ...rest) => {
        if (state.kind === "synchronised" || !this.#ever) return receive(state, ...rest);
        // Without a number of versions it is a whole content that comes, and nothing that is repeated.
        const answer =
          rest[2] === undefined ? this.#decide(random) : this.#answer(JSON.stringify([state, rest]), random);
        return answer(state, ...rest);
      },
    };
  }

  #answer(question: string, random: SeededRandom): Receive {
    const answer = this.#answers.get(question) ?? this.#decide(random);
    this.#answers.set(question, answer);
    return answer;
  }

  #decide(random: SeededRandom): Receive {
    if (!random.chance(this.rate)) return receive;
    this.made += 1;
    return random.pick(FAULTS);
  }
}
