import { grouped } from "./figures.js";

/** Where progress is shown: a terminal, or a file that collects lines. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

const WIDTH = 30;
/** Redraws of the bar, in milliseconds apart. */
const REDRAW = 100;

/** A bar on a terminal; elsewhere a line at every tenth. */
export class Progress {
  readonly #output: Output;
  readonly #total: number;
  readonly #now: () => number;
  readonly #what: string;
  readonly #started: number;
  #drawn = Number.NEGATIVE_INFINITY;
  #tenth = 0;

  /** @param what is counted */
  constructor(output: Output, total: number, now: () => number, what = "transactions") {
    this.#output = output;
    this.#total = total;
    this.#now = now;
    this.#what = what;
    this.#started = now();
  }

  update(done: number): void {
    if (this.#output.isTTY === true) this.#draw(done);
    else this.#line(done);
  }

  /** Ends the line of the bar. */
  finish(): void {
    this.#drawn = Number.NEGATIVE_INFINITY;
    this.update(this.#total);
    if (this.#output.isTTY === true) this.#output.write("\n");
  }

  #draw(done: number): void {
    if (this.#now() - this.#drawn < REDRAW) return;
    this.#drawn = this.#now();
    const share = this.#total === 0 ? 1 : done / this.#total;
    const bar = "█".repeat(Math.round(share * WIDTH)).padEnd(WIDTH, "░");
    this.#output.write(`\r${bar} ${Math.floor(share * 100)} % · ${this.#figures(done)}\u001B[K`);
  }

  #line(done: number): void {
    const tenth = this.#total === 0 ? 10 : Math.floor((done * 10) / this.#total);
    if (tenth <= this.#tenth) return;
    this.#tenth = tenth;
    this.#output.write(`${tenth * 10} % · ${this.#figures(done)}\n`);
  }

  #figures(done: number): string {
    const seconds = Math.max(0.001, (this.#now() - this.#started) / 1000);
    return `${grouped(done)} of ${grouped(this.#total)} ${this.#what} · ${grouped(done / seconds)} a second`;
  }
}
