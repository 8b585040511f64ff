import { compose, type Operation } from "@tutti/ot";
import { type Analysis, analyse, viewOf } from "./characters.js";
import { applyPatches } from "./patches.js";
import { type Patch, type Recording, RecordingError } from "./recording.js";
import { Scheduler, type Step } from "./scheduler.js";
import { Stage } from "./stage.js";

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
}

/**
 * Replays a session through real clients and the real server: each edit is made by its author's client at a moment when
 * that client has seen exactly what the author had, no more and no less.
 *
 * @param progress told the share that is done, from 0 to 1
 * @throws RecordingError when no client with one operation in flight can repeat the session
 * @throws Error when somebody sees something else than in the recording
 */
export async function replayConcurrently(
  recording: Recording,
  progress: (share: number) => void = () => undefined,
): Promise<ReplayResult> {
  const { views, precedences } = analyse(recording);
  const steps = new Scheduler(recording, precedences).schedule();
  if (steps === undefined) throw new RecordingError("no order of commits repeats this session");
  const performance = new Performance(recording, views, await Stage.open(recording.authors.length));
  for (const [index, step] of steps.entries()) {
    await performance.perform(step);
    progress((index + 1) / steps.length);
  }
  return performance.result();
}

/** Carries out the steps of a schedule. */
class Performance {
  readonly #recording: Recording;
  readonly #views: Analysis["views"];
  readonly #stage: Stage;
  readonly #progress: Progress[];
  /** The log as it was scheduled. */
  readonly #log: { readonly author: number; readonly upTo: number }[] = [];
  #calls = 0;
  #standIns = 0;

  constructor(recording: Recording, views: Analysis["views"], stage: Stage) {
    this.#recording = recording;
    this.#views = views;
    this.#stage = stage;
    this.#progress = recording.authors.map(() => ({ typed: 0, acknowledged: 0, told: 0 }));
  }

  async perform(step: Step): Promise<void> {
    const progress = this.#progress[step.author];
    if (progress === undefined) throw new RangeError(`there is no author ${step.author}`);
    if (step.kind === "type") {
      this.#type(step.author, progress, step.upTo);
    } else if (step.kind === "commit") {
      this.#log.push(step);
      await this.#stage.commit(step.author);
    } else {
      await this.#stage.deliver(step.author);
      const entry = this.#log[progress.told];
      progress.told += 1;
      if (entry?.author === step.author) progress.acknowledged = entry.upTo;
    }
    this.#keepInFlight(step.author, progress);
  }

  result(): ReplayResult {
    const { authors, endContent } = this.#recording;
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
}

interface Progress {
  /** Edits that the author has typed, and that were acknowledged. */
  typed: number;
  acknowledged: number;
  /** Entries of the log that the author was told. */
  told: number;
}
