import { Column } from "./columns.js";
import { type DelaysByLabel, type SentTable, type Window, WindowedDelays } from "./sent.js";

/** When which versions arrived at whom; what is an arrival's delay is found out at the end. */
export class Arrivals {
  readonly #first = new Column();
  readonly #last = new Column();
  readonly #receiver = new Column();
  readonly #time = new Column();

  /** @param receiver the number of an editor, whose own edits are no arrivals; -1 for somebody who only reads */
  add(first: number, last: number, receiver: number, time: number): void {
    this.#first.push(first);
    this.#last.push(last);
    this.#receiver.push(receiver);
    this.#time.push(time);
  }

  judge(sent: SentTable, windows: readonly Window[]): DelaysByLabel {
    const delays = new WindowedDelays(windows);
    for (let index = 0; index < this.#time.length; index += 1) {
      for (let version = this.#first.at(index); version <= this.#last.at(index); version += 1) {
        const edit = sent.of(version);
        if (edit !== undefined && edit.author !== this.#receiver.at(index)) delays.add(edit.time, this.#time.at(index));
      }
    }
    return delays.figures;
  }
}
