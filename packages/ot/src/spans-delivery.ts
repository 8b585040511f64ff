import { OperationError } from "./errors.js";
import type { Operation } from "./operation.js";
import type { Piece, Spans } from "./spans.js";

/**
 * How a server tells one author of the history, so that both transform over the same pieces.
 *
 * Transform does not distribute over compose (a delete between two inserts hides their tie), so the server must transform
 * what an author sends over exactly the pieces that this author gets, cut at the same versions: one by one while the
 * author is live, spans after a gap, and a cut on either side of each operation of the author's own. A `Delivery` is the
 * record of these cuts: a few numbers, since stretches of one kind are kept as one.
 *
 * It must live as long as the author may come back with an operation whose answer was lost: a server stores it with the
 * author's last operation.
 */
export interface Delivery {
  /** The version that the author is known to have reached; what came before doesn't matter any more. */
  readonly base: number;
  /** What the author was told since, or will be, in order. */
  readonly stretches: readonly Stretch[];
}

/** A stretch of the history, up to version `to` from where the one before ends. */
export interface Stretch {
  readonly to: number;
  /** One piece for each operation; the canonical list of spans; or the author's own operation, which is acknowledged. */
  readonly by: "operation" | "span" | "own";
}

/** What an author gets: a piece, or the answer that their own operation was committed as version `to`. */
export interface Delivered extends Piece {
  readonly own: boolean;
}

/** Of an author who has the document at `version` now. */
export const delivery = (version: number): Delivery => ({ base: version, stretches: [] });

/** The version up to which it is decided how the author is told. */
export const deliveredTo = (told: Delivery): number => told.stretches.at(-1)?.to ?? told.base;

/**
 * Decides how the author is told what was committed up to version `to`. What was decided before stays.
 * @throws OperationError `out_of_range` for a version before that
 */
export function deliver(told: Delivery, to: number, by: "operation" | "span"): Delivery {
  const from = deliveredTo(told);
  if (to < from) throw new OperationError("out_of_range", `delivered up to ${from} already`);
  if (to === from) return told;
  const last = told.stretches.at(-1);
  // A list of spans is canonical between its ends: growing it would cut it anew.
  const grows = by === "operation" && last?.by === "operation";
  const before = grows ? told.stretches.slice(0, -1) : told.stretches;
  return { ...told, stretches: [...before, { to, by }] };
}

/** The next version is the author's own operation. */
export function deliverOwn(told: Delivery): Delivery {
  return { ...told, stretches: [...told.stretches, { to: deliveredTo(told) + 1, by: "own" }] };
}

/** The author has reached `version`, the end of a piece: what came before is forgotten. */
export function heard(told: Delivery, version: number): Delivery {
  if (version <= told.base) return told;
  return { base: version, stretches: told.stretches.filter(({ to }) => to > version) };
}

/**
 * The author comes back at `version`, and what was under way is lost. Only what the author's own operation was
 * transformed over stays decided, if the answer to it was among what was lost; the rest may be told in spans now.
 */
export function rejoin(told: Delivery, version: number): Delivery {
  const { base, stretches } = heard(told, version);
  const own = stretches.findLastIndex(({ by }) => by === "own");
  return { base: Math.max(base, version), stretches: stretches.slice(0, own + 1) };
}

/**
 * The pieces that lead the author from `from` to the version that was decided upon last.
 *
 * @param from the end of a piece, at `told.base` or later
 * @returns undefined where `spans` don't reach back so far, or lost the detail
 */
export function piecesOf(told: Delivery, spans: Spans, from = told.base): readonly Delivered[] | undefined {
  const pieces: Delivered[] = [];
  let reached = Math.max(from, told.base);
  for (const { to, by } of told.stretches) {
    if (to <= reached) continue;
    const cuts = by === "span" ? [] : versionsBetween(reached, to);
    const found = spans.between(reached, to, cuts);
    if (found === undefined) return undefined;
    for (const piece of found) pieces.push({ ...plain(piece), own: by === "own" });
    reached = to;
  }
  return pieces;
}

/** What `admit` transforms an author's operation over. @throws OperationError `out_of_range` over the author's own */
export function operationsOf(pieces: readonly Delivered[]): readonly Operation[] {
  return pieces.map(({ operation, own, to }) => {
    if (own) throw new OperationError("out_of_range", `version ${to} is the author's own, and made before`);
    return operation;
  });
}

// A getter does not survive a spread.
const plain = ({ from, to, operation }: Piece): Piece => ({ from, to, operation });

function versionsBetween(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from - 1 }, (_, index) => from + index + 1);
}
