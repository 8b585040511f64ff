import { compose, type Operation } from "@tutti/ot";
import { type Analysis, viewOf } from "./characters.js";
import { applyPatches } from "./patches.js";
import type { Patch, Recording } from "./recording.js";
import type { Step } from "./scheduler.js";
import type { Stage } from "./stage.js";

/** How a replay ended. */
export interface ReplayResult {
  /** What each author sees in the end. */
  readonly texts: readonly string[];
  /** All of them, and the checksums, are what the recording ends with. */
  readonly equal: boolean;
  /** Edits of the recording. */
  readonly edits: number;
  /** Calls of `edit`: fewer than edits, because several with the same past are one where nothing is in flight. */
  readonly calls: number;
  /** Operations in the log of the server. */
  readonly commits: number;
  /** Of them, those that stand for edits which took each other back. */
  readonly standIns: number;
  /** How often the server was killed, and of that, while it wrote an operation that became durable, or was lost. */
  readonly kills: { readonly all: number; readonly durable: number; readonly lost: number };
}

interface Progress {
  /** Edits that the author has typed, and that were acknowledged. */
  typed: number;
  acknowledged: number;
  /** Entries of the log that the author was told; after a kill perhaps more than are due by the schedule. */
  told: number;
  due: number;
}

/** Carries out the steps of a schedule. */
export class Performance {
  readonly #recording: Recording;
  readonly #views: Analysis["views"];
  readonly #stage: Stage;
  readonly #progress: Progress[];
  /** The log as it was scheduled. */
  readonly #log: { readonly author: number; readonly upTo: number }[] = [];
  readonly #kills = { all: 0, durable: 0, lost: 0 };
  #calls = 0;
  #standIns = 0;

  constructor(recording: Recording, views: Analysis["views"], stage: Stage) {
    this.#recording = recording;
    this.#views = views;
    this.#stage = stage;
    this.#progress = recording.authors.map(() => ({ typed: 0, acknowledged: 0, told: 0, due: 0 }));
  }

  async perform(step: Step): Promise<void> {
    const { author } = step;
    const progress = this.#progressOf(author);
    if (step.kind === "type") {
      this.#type(author, progress, step.upTo);
    } else if (step.kind === "commit") {
      await this.#comeBack(author);
      this.#log.push(step);
      await this.#stage.commit(author);
    } else {
      await this.#comeBack(author);
      progress.due += 1;
      if (progress.told < progress.due) await this.#stage.deliver(author);
      this.#wasTold(author, progress);
    }
    this.#keepInFlight(author, progress);
  }

  /** The server is killed between two steps. */
  async kill(): Promise<void> {
    this.#kills.all += 1;
    await this.#stage.kill();
  }

  /**
   * The server is killed while it writes the operation of a commit.
   * @returns whether it became durable: then the step is done
   */
  async killWhileWriting(step: Step): Promise<boolean> {
    if (step.kind !== "commit") throw new RangeError("only a commit is written");
    await this.#comeBack(step.author);
    const durable = await this.#stage.killWhileWriting(step.author);
    this.#kills.all += 1;
    this.#kills[durable ? "durable" : "lost"] += 1;
    if (durable) this.#log.push(step);
    return durable;
  }

  /** Everybody who is still away comes back. */
  async end(): Promise<ReplayResult> {
    const { authors, endContent } = this.#recording;
    for (const author of authors.keys()) await this.#comeBack(author);
    const handles = authors.map((_edits, author) => this.#stage.document(author));
    const texts = handles.map((handle) => handle.text());
    const checksums = new Set(handles.map((handle) => handle.checksum));
    return {
      texts,
      equal: checksums.size === 1 && texts.every((text) => text === endContent),
      edits: authors.reduce((sum, edits) => sum + edits.length, 0),
      calls: this.#calls,
      commits: this.#stage.version,
      standIns: this.#standIns,
      kills: this.#kills,
    };
  }

  #type(author: number, progress: Progress, upTo: number): void {
    const handle = this.#stage.document(author);
    let text = handle.text();
    let whole: Operation = [];
    for (const { patches } of (this.#recording.authors[author] ?? []).slice(progress.typed, upTo)) {
      this.#checkView(author, progress.typed, text, patches);
      const edited = applyPatches(patches, text);
      whole = compose(whole, edited.operation);
      text = edited.text;
      progress.typed += 1;
    }
    handle.edit(whole);
    this.#calls += 1;
  }

  /** The author must see what they saw in the recording: neither a letter more nor one less. */
  #checkView(author: number, edit: number, text: string, [patch]: readonly Patch[]): void {
    const expected = this.#views[author]?.[edit];
    if (patch === undefined || expected === undefined) return;
    const seen = viewOf(text, patch[0]);
    if (seen.length === expected.length && seen.before === expected.before && seen.behind === expected.behind) return;
    throw new Error(
      `author ${author} sees ${JSON.stringify(seen)} at edit ${edit}, and saw ${JSON.stringify(expected)} in the recording`,
    );
  }

  /** Ends the author's absence, if a kill has caused one: they need the server again. */
  async #comeBack(author: number): Promise<void> {
    const progress = this.#progressOf(author);
    await this.#stage.comeBack(author);
    this.#wasTold(author, progress);
    this.#keepInFlight(author, progress);
  }

  /** Takes note of what the author's client has been told. */
  #wasTold(author: number, progress: Progress): void {
    const { version } = this.#stage.document(author);
    for (const entry of this.#log.slice(progress.told, version)) {
      if (entry.author === author) progress.acknowledged = entry.upTo;
    }
    progress.told = version;
  }

  /**
   * What was typed and taken back before it could be sent leaves nothing to send, but the schedule counts on an
   * operation there: a format without effect stands for it.
   */
  #keepInFlight(author: number, progress: Progress): void {
    const handle = this.#stage.document(author);
    if (progress.typed === progress.acknowledged || handle.status !== "Saved") return;
    handle.format(0, 1, { nothing: null });
    this.#standIns += 1;
  }

  #progressOf(author: number): Progress {
    const progress = this.#progress[author];
    if (progress === undefined) throw new RangeError(`there is no author ${author}`);
    return progress;
  }
}
