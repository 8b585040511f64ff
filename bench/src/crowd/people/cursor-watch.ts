import type { Presence } from "@tutti/protocol";
import { Column } from "../measure/columns.js";
import { now } from "../measure/now.js";
import { type DelaysByLabel, type Window, WindowedDelays } from "../measure/sent.js";
import type { LightEditor } from "./light-editor.js";

/** Lengths of the selection by which a move is recognised. */
const LENGTHS = 50;

/**
 * How long the cursor of one person takes to another one. Edits shift a cursor, but hardly ever what is selected: so each
 * move selects a different number of letters, by which it is recognised where it arrives. Moves that are overtaken by
 * newer ones don't arrive, and don't count.
 */
export class CursorWatch {
  /** By length, the oldest first: moves that have not arrived. */
  readonly #sentAt = new Map<number, number>();
  readonly #sent = new Column();
  readonly #arrived = new Column();
  /** The number that stands for the watched person's entry. */
  #number: number | undefined;
  #last = 0;
  #watched = "";

  /** Whom to look for. */
  watch(client: string): void {
    this.#watched = client;
  }

  /** The length that the next move of the watched person selects. */
  next(): number {
    this.#last = (this.#last % LENGTHS) + 1;
    this.#sentAt.delete(this.#last);
    this.#sentAt.set(this.#last, now());
    return this.#last;
  }

  /** What the other person is told. */
  readonly see = (_: LightEditor, { entries, moved }: Presence): void => {
    for (const { client, number, cursor } of entries) {
      if (client !== this.#watched) continue;
      this.#number = number;
      if (cursor !== null) this.#saw(Math.abs(cursor.anchor - cursor.head));
    }
    const cursors = moved?.cursors ?? [];
    for (let index = 0; index + 2 < cursors.length; index += 3) {
      const [anchor = 0, head = 0] = [cursors[index + 1], cursors[index + 2]];
      if (cursors[index] === this.#number) this.#saw(Math.abs(anchor - head));
    }
  };

  judge(windows: readonly Window[]): DelaysByLabel {
    const delays = new WindowedDelays(windows);
    for (let index = 0; index < this.#sent.length; index += 1)
      delays.add(this.#sent.at(index), this.#arrived.at(index));
    return delays.figures;
  }

  #saw(selected: number): void {
    const sent = this.#sentAt.get(selected);
    if (sent === undefined) return;
    this.#sent.push(sent);
    this.#arrived.push(now());
    // What was sent before was overtaken.
    for (const length of this.#sentAt.keys()) {
      this.#sentAt.delete(length);
      if (length === selected) return;
    }
  }
}
