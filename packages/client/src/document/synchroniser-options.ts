import type { Clock, Open, Random } from "@tutti/protocol";
import type { Link } from "../connection/link.js";
import type { Gate } from "./outgoing.js";

/** From one operation to the next, in milliseconds (E11). */
export const SEND_INTERVAL = 50;

export interface SynchroniserOptions {
  readonly link: Link;
  readonly clock: Clock;
  readonly random: Random;
  /** Opens for each operation when it may leave; left out: at once. */
  readonly gate?: Gate | undefined;
  /** Milliseconds from one operation to the next; left out: `SEND_INTERVAL`. */
  readonly interval?: number | undefined;
  /** Characters that both sides may change in the same paragraphs before the person is asked (C12). */
  readonly conflictAbove: number;
  /** How the person is to be seen by others; left out: by name, with whatever they work with (P5). */
  readonly introduction?: (() => Introduction) | undefined;
}

/** What a person says of themselves when they open a document. */
export type Introduction = Pick<Open, "device" | "visibility">;
