import type { Precedence } from "./characters.js";
import type { RecordedEdit, Recording } from "./recording.js";

/**
 * One step of a replay.
 * - type: the author types on, up to so many edits in all. More than one edit at once only where nothing is in flight.
 * - commit: the operation that the author has in flight, up to so many edits, reaches the server.
 * - deliver: the author is told the next version, be it somebody else's or their own acknowledgement.
 */
export type Step =
  | { readonly kind: "type"; readonly author: number; readonly upTo: number }
  | { readonly kind: "commit"; readonly author: number; readonly upTo: number }
  | { readonly kind: "deliver"; readonly author: number };

/** Where one author stands; edits are counted from the first one. */
interface Standing {
  readonly typed: number;
  /** The operation in flight ends with this edit; 0: nothing is in flight. What was typed after it is the buffer. */
  readonly flight: number;
  /** So many are in the log. */
  readonly logged: number;
  /** Edits of each author that are in this one's text. */
  readonly received: readonly number[];
  /** Entries of `State.log` that this author was told. */
  readonly told: number;
}

/** One operation in the log: the edits of an author up to `end`. */
interface Entry {
  readonly author: number;
  readonly end: number;
}

interface State {
  readonly authors: readonly Standing[];
  /** The log from the first entry on that somebody was not told yet. */
  readonly log: readonly Entry[];
}

interface Choice {
  readonly step: Step;
  readonly next: State;
  /** Lower ones are tried first. */
  readonly rank: number;
}

/**
 * Finds an order of typing, committing and delivering in which everybody types each edit knowing exactly what they knew
 * in the recording, although a client has one operation in flight only, composes the rest, and is told of its own
 * commits in the order of the log, after everybody else's before them.
 *
 * The recording does not tell when anything was committed; that is what is searched: depth first, with two rules that
 * see most dead ends from afar (`strands`). Ends without schedule are remembered by their state.
 */
export class Scheduler {
  readonly #authors: readonly (readonly RecordedEdit[])[];
  /** For each author, in ascending order: how many of their edits somebody must know, no more and no less. */
  readonly #cuts: readonly (readonly number[])[];
  readonly #precedences: readonly Precedence[];
  #tried = 0;

  /** @param precedences edits of which the first must be committed before the second */
  constructor(recording: Recording, precedences: readonly Precedence[]) {
    this.#precedences = precedences;
    this.#authors = recording.authors;
    this.#cuts = recording.authors.map((edits, author) => {
      const seen = recording.authors.flatMap((others, other) =>
        other === author ? [] : others.map((edit) => edit.seen[author] ?? 0),
      );
      return [...new Set([...seen, edits.length])].filter((count) => count > 0).sort((a, b) => a - b);
    });
  }

  /** Steps that were tried, dead ends included. */
  get tried(): number {
    return this.#tried;
  }

  /** @returns undefined when there is no such order */
  schedule(): readonly Step[] | undefined {
    const start = this.#start();
    const seen = new Set([keyOf(start)]);
    const path: { readonly step: Step | undefined; readonly choices: Choice[]; readonly state: State }[] = [
      { step: undefined, choices: this.#choices(start), state: start },
    ];
    for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
      if (this.#isDone(last.state)) return path.flatMap(({ step }) => (step === undefined ? [] : [step]));
      const choice = last.choices.pop();
      if (choice === undefined) {
        path.pop();
        continue;
      }
      this.#tried += 1;
      const key = keyOf(choice.next);
      if (seen.has(key)) continue;
      seen.add(key);
      path.push({ step: choice.step, choices: this.#choices(choice.next), state: choice.next });
    }
    return undefined;
  }

  #start(): State {
    const received = this.#authors.map(() => 0);
    return { authors: received.map(() => ({ typed: 0, flight: 0, logged: 0, received, told: 0 })), log: [] };
  }

  /** Everything is typed and committed, and everybody was told. */
  #isDone({ authors, log }: State): boolean {
    return (
      log.length === 0 && authors.every(({ typed, flight }, author) => flight === 0 && typed === this.#count(author))
    );
  }

  /** Best one last. */
  #choices(state: State): Choice[] {
    const choices = state.authors.flatMap((_standing, author) => [
      ...this.#deliver(state, author),
      ...this.#type(state, author),
      ...this.#commit(state, author),
    ]);
    return choices.sort((a, b) => b.rank - a.rank);
  }

  #deliver(state: State, author: number): readonly Choice[] {
    const me = at(state.authors, author);
    const entry = state.log[me.told];
    if (entry === undefined) return [];
    const told = { ...me, told: me.told + 1 };
    const step = { kind: "deliver", author } as const;
    if (entry.author === author) {
      // What was composed meanwhile goes in flight at once.
      const flight = me.typed > entry.end ? me.typed : 0;
      return [{ step, rank: 0, next: replace(state, author, { ...told, flight }) }];
    }
    if (this.#seen(author, me.typed, entry.author) < entry.end) return [];
    const received = me.received.with(entry.author, entry.end);
    return [{ step, rank: 0, next: replace(state, author, { ...told, received }) }];
  }

  #type(state: State, author: number): readonly Choice[] {
    const me = at(state.authors, author);
    const knowsAll = state.authors.every(
      (_standing, other) => other === author || this.#seen(author, me.typed, other) === at(me.received, other),
    );
    if (!knowsAll || me.typed >= this.#count(author)) return [];
    const alone = me.flight === 0;
    if (!alone && me.typed + 1 > this.#nextCut(author, me.flight)) return [];
    const upTo = alone ? this.#endOfRun(author, me.typed) : me.typed + 1;
    const next = replace(state, author, { ...me, typed: upTo, flight: alone ? upTo : me.flight });
    return [{ step: { kind: "type", author, upTo }, rank: 1, next }];
  }

  #commit(state: State, author: number): readonly Choice[] {
    const me = at(state.authors, author);
    if (me.flight === 0 || me.logged === me.flight || this.#strands(state, author) || this.#isTooEarly(state, author))
      return [];
    const log = [...state.log, { author, end: me.flight }];
    const next = replace({ ...state, log }, author, { ...me, logged: me.flight });
    // First what others need soonest.
    const needs = state.authors.map(({ typed }, other) =>
      other === author ? Number.POSITIVE_INFINITY : this.#firstThatKnows(other, author, me.flight) - typed,
    );
    return [{ step: { kind: "commit", author, upTo: me.flight }, rank: 2 + Math.min(...needs), next }];
  }

  /**
   * Whether committing now leads into a dead end. An author is told of their own commit after what stands before it in
   * the log, and must be told before their buffer grows beyond the next cut: what stands before must by then be known.
   */
  #strands(state: State, author: number): boolean {
    const me = at(state.authors, author);
    const limit = this.#nextCut(author, me.flight);
    const mine = state.log.slice(me.told).some((entry) => entry.end > this.#seen(author, limit, entry.author));
    if (mine) return true;
    return state.authors.some((other, index) => {
      if (index === author) return false;
      const upcoming = this.#nextFlight(other, index);
      return this.#seen(index, this.#nextCut(index, upcoming), author) < me.flight;
    });
  }

  /** Whether something must be committed before what this author has in flight. */
  #isTooEarly(state: State, author: number): boolean {
    const end = at(state.authors, author).flight;
    return this.#precedences.some(({ first, then }) => {
      if (then.author !== author || then.edit > end) return false;
      return at(state.authors, first.author).logged < first.edit;
    });
  }

  /** Where the next operation of somebody that is not in the log yet ends at the latest. */
  #nextFlight({ typed, flight, logged }: Standing, author: number): number {
    if (flight === 0) return this.#endOfRun(author, typed);
    return logged === flight ? this.#nextCut(author, flight) : flight;
  }

  /** The last of the edits from `typed` on that were made with the same knowledge, up to the next cut. */
  #endOfRun(author: number, typed: number): number {
    const limit = this.#nextCut(author, typed);
    const same = (edit: number): boolean =>
      this.#authors.every(
        (_edits, other) => other === author || this.#seen(author, edit, other) === this.#seen(author, typed, other),
      );
    let end = Math.min(typed + 1, this.#count(author));
    while (end < limit && same(end)) end += 1;
    return end;
  }

  /** The smallest cut behind so many edits; the number of all edits behind the last one. */
  #nextCut(author: number, count: number): number {
    const cuts = at(this.#cuts, author);
    return cuts[firstIndex(cuts.length, (index) => at(cuts, index) > count)] ?? this.#count(author);
  }

  /** How many edits of `other` the author knew at an edit (an index); behind the last edit they may know all. */
  #seen(author: number, edit: number, other: number): number {
    return this.#authors[author]?.[edit]?.seen[other] ?? Number.POSITIVE_INFINITY;
  }

  /** The first edit (an index) of `reader` that knows `count` edits of the author. */
  #firstThatKnows(reader: number, author: number, count: number): number {
    return firstIndex(this.#count(reader), (edit) => this.#seen(reader, edit, author) >= count);
  }

  #count(author: number): number {
    return at(this.#authors, author).length;
  }
}

/** The state with one author's standing replaced; what everybody was told is cut off the log. */
function replace(state: State, author: number, standing: Standing): State {
  const authors = state.authors.with(author, standing);
  const told = Math.min(...authors.map((each) => each.told));
  if (told === 0) return { authors, log: state.log };
  return { authors: authors.map((each) => ({ ...each, told: each.told - told })), log: state.log.slice(told) };
}

const keyOf = ({ authors, log }: State): string =>
  [
    ...authors.map(({ typed, flight, logged, received, told }) => `${typed},${flight},${logged},${received},${told}`),
    ...log.map(({ author, end }) => `${author}:${end}`),
  ].join(";");

/** The smallest index in [0, length) for which a monotonous predicate holds; `length` when there is none. */
function firstIndex(length: number, holds: (index: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new RangeError(`no index ${index} in a list of ${list.length}`);
  return value;
}
