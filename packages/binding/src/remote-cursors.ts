import type { Person } from "@tutti/client";
import {
  type Bias,
  basePosition,
  componentLength,
  isInsert,
  isRetain,
  type Operation,
  transformPosition,
} from "@tutti/ot";

/** Where somebody else is. Indices of the text that the editor shows, in UTF-16 units. */
export interface RemoteCursor {
  readonly client: string;
  readonly name: string;
  /** A CSS colour, safe to write into a style (A5). */
  readonly colour: string;
  readonly anchor: number;
  readonly head: number;
  /** How often the person did something here: a new number shows the name again, and ends the fading. */
  readonly moves: number;
  /** When they did something last: milliseconds since 1970. Whoever did nothing for long is faded already. */
  readonly active: number;
  /** Milliseconds in which the caret is to glide to its place: until the next message may be here. */
  readonly glide: number;
}

/** How long a caret glides (ms) that moves with the text, or for the first time in a while. */
const SHORTEST_GLIDE = 80;
/** Messages of a caret in motion come at least as often (ms): from one to the next it glides all the time (P3, P4). */
const IN_MOTION = 600;
/** Times of the server that differ by no more (ms) say the same. */
const SAME_MOMENT = 1000;

/**
 * The cursors of the people who are somewhere; who moved since `previous` gets a new number of moves.
 * @param held what the editor does not show yet: `Person.cursor` is a place in the document
 */
export function placeCursors(
  others: readonly Person[],
  previous: readonly RemoteCursor[],
  held: Operation = [],
): readonly RemoteCursor[] {
  const known = new Map(previous.map((cursor) => [cursor.client, cursor]));
  return others.flatMap((person) => {
    const { client, user, colour, cursor, active } = person;
    if (cursor === null) return [];
    const place = { anchor: basePosition(held, cursor.anchor), head: basePosition(held, cursor.head) };
    const told = { client, name: user.name, colour: safeColour(colour), ...place, active };
    return [{ ...told, ...motion(told, known.get(client)) }];
  });
}

/** How a cursor comes from where it was to where it is. */
function motion(
  { anchor, head, active }: Pick<RemoteCursor, "anchor" | "head" | "active">,
  before: RemoteCursor | undefined,
): Pick<RemoteCursor, "moves" | "glide"> {
  if (before === undefined) return { moves: 1, glide: SHORTEST_GLIDE };
  const moved = before.anchor !== anchor || before.head !== head;
  if (!moved && active - before.active < SAME_MOMENT) return { moves: before.moves, glide: before.glide };
  const pause = active - before.active;
  const glide = moved && pause > SHORTEST_GLIDE && pause <= IN_MOTION ? pause : SHORTEST_GLIDE;
  return { moves: before.moves + 1, glide };
}

/**
 * The cursors after a change of the text. What I type at somebody's caret comes behind it, as it does on their screen;
 * what arrives there is most likely their own typing, which pushes the caret along until their next message says so.
 */
export function moveCursors(
  cursors: readonly RemoteCursor[],
  delta: Operation,
  by: "me" | "others",
): readonly RemoteCursor[] {
  const bias: Bias = by === "others" ? "right" : "left";
  return cursors.map((cursor) => ({
    ...cursor,
    anchor: transformPosition(delta, cursor.anchor, bias),
    head: transformPosition(delta, cursor.head, bias),
    moves: cursor.moves + (by === "others" && changesAt(delta, cursor.head) ? 1 : 0),
    glide: SHORTEST_GLIDE,
  }));
}

/** Whether text came or went right at a position: whoever is there has most likely typed. */
function changesAt(delta: Operation, position: number): boolean {
  let walked = 0;
  for (const part of delta) {
    if (walked > position) return false;
    const length = isInsert(part) ? 0 : componentLength(part);
    if (!isRetain(part) && walked + length >= position) return true;
    walked += length;
  }
  return false;
}

/** A colour that is written into a style: nothing but a colour may come through (A5). */
export function safeColour(colour: string): string {
  const isColour = /^(?:#[0-9a-f]{3,8}|[a-z]{3,30}|(?:rgb|hsl|oklch|oklab|lab|lch)a?\([\d\s.,%/a-z-]{1,60}\))$/i;
  return isColour.test(colour) ? colour : "#6b7280";
}
