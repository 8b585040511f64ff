import type { Terminal } from "./terminal.js";

const WIDTH = 24;
/** Between two redraws of the bar; between two lines where no bar can be drawn. In milliseconds. */
const REDRAW = 100;
const LINE = 10_000;

/** How far a long command is: a bar where somebody watches, a line now and then where the output goes to a file. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #what: string;
  #shownAt: number;

  /** @param what is counted, such as "documents" */
  constructor(terminal: Terminal, what: string) {
    this.#terminal = terminal;
    this.#what = what;
    this.#shownAt = terminal.clock.now();
  }

  /** @param total undefined: nobody knows */
  show(done: number, total: number | undefined, detail = ""): void {
    const { clock, status } = this.#terminal;
    const now = clock.now();
    if (now - this.#shownAt < (status === undefined ? LINE : REDRAW)) return;
    this.#shownAt = now;
    const line = progressLine(done, total, this.#what, detail);
    if (status === undefined) this.#terminal.note(line);
    else status(line);
  }
}

/** Such as `[######------------------]  25 % · 5 of 20 documents · abc`. */
export function progressLine(done: number, total: number | undefined, what: string, detail: string): string {
  const tail = detail === "" ? "" : ` · ${detail}`;
  if (total === undefined || total === 0) return `${done} ${what}${tail}`;
  const share = Math.min(1, done / total);
  const filled = Math.round(share * WIDTH);
  const bar = "#".repeat(filled) + "-".repeat(WIDTH - filled);
  return `[${bar}] ${String(Math.floor(share * 100)).padStart(3)} % · ${done} of ${total} ${what}${tail}`;
}
