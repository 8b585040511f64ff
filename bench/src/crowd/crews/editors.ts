import type { Document } from "@tutti/ot";
import { Arrivals } from "../measure/arrivals.js";
import { Column } from "../measure/columns.js";
import { type Effort, Meter } from "../measure/meter.js";
import { now } from "../measure/now.js";
import { type DelaysByLabel, type SentEdits, SentTable, type Window } from "../measure/sent.js";
import { CursorWatch } from "../people/cursor-watch.js";
import { LightEditor } from "../people/light-editor.js";
import { SharedContent } from "../people/shared-content.js";
import { SharedDecoder } from "../people/shared-decoder.js";
import type { Place } from "../people/wire.js";
import { evenly } from "./pace.js";
import { serveCalls } from "./remote.js";
import { inGroups, type Replica, replicaOf, until } from "./replica.js";

export interface EditorsOrder {
  readonly place: Place;
  readonly tokens: readonly string[];
  /** Of the first editor of this process, and of all there are. */
  readonly first: number;
  readonly all: number;
}

/** How edits and cursors arrived. */
export interface EditorFigures {
  /** From sending to the arrival at each other editor of this process. */
  readonly arrived: DelaysByLabel;
  /** From a move to its arrival at one other person. */
  readonly cursors: DelaysByLabel;
  /** Messages about cursors, to all of these editors. */
  readonly presenceFrames: number;
  /** Edits that were put off, and turns to type that were left out since the last letter was still on its way. */
  readonly refused: number;
  readonly leftOut: number;
}

const JOINING = 10;
const PING = 20_000;

/** Many editors of one document in this process. */
export class EditorsCrew {
  readonly #editors: LightEditor[] = [];
  readonly #meter = new Meter();
  readonly #arrivals = new Arrivals();
  readonly #cursors = new CursorWatch();
  /** When each editor of this process sent what is in flight, by its number. */
  readonly #inFlight = new Map<number, number>();
  readonly #versions = new Column();
  readonly #times = new Column();
  readonly #authors = new Column();
  readonly #acknowledged = new Column();
  #leftOut = 0;
  #stopTyping: () => void = () => undefined;
  #stopMoving: () => void = () => undefined;

  async join({ place, tokens, first, all }: EditorsOrder): Promise<void> {
    this.#cursors.watch(`editor-${first}`);
    const settings = {
      place,
      decoder: new SharedDecoder(),
      contents: new SharedContent(),
      acknowledged: (editor: LightEditor, version: number) => this.#wasAcknowledged(editor, version),
      arrived: (editor: LightEditor, from: number, to: number) => this.#arrivals.add(from, to, editor.number, now()),
    };
    await inGroups(tokens, JOINING, async (token, index) => {
      const number = first + index;
      const who = { client: `editor-${number}`, number, at: number / all };
      const presence = index === 1 ? this.#cursors.see : undefined;
      this.#editors[index] = await LightEditor.join({ ...settings, presence }, token, who);
    });
    setInterval(() => {
      for (const editor of this.#editors) editor.ping();
    }, PING);
  }

  /** From now on each sends so many letters a second; 0: none. */
  type(perSecond: number): void {
    this.#stopTyping();
    this.#stopTyping = evenly(perSecond * this.#editors.length, (count) => {
      const editor = this.#editors[count % this.#editors.length];
      if (editor === undefined) return;
      if (editor.type()) this.#inFlight.set(editor.number, now());
      else this.#leftOut += 1;
    });
  }

  /** From now on each moves its cursor so many times a second; 0: not at all. */
  move(perSecond: number): void {
    this.#stopMoving();
    this.#stopMoving = evenly(perSecond * this.#editors.length, (count) => {
      const index = count % this.#editors.length;
      const selected = index === 0 ? this.#cursors.next() : Math.floor(count / this.#editors.length) % 50;
      this.#editors[index]?.move(selected);
    });
  }

  /** What this process itself took since the last call. */
  effort(): Effort {
    return this.#meter.take();
  }

  sent(): SentEdits {
    return {
      versions: this.#versions.values,
      times: this.#times.values,
      acknowledged: this.#acknowledged.values,
      authors: this.#authors.values,
    };
  }

  /** @param sent by all editors of all processes */
  figures(sent: readonly SentEdits[], windows: readonly Window[]): EditorFigures {
    return {
      arrived: this.#arrivals.judge(new SentTable(sent), windows),
      cursors: this.#cursors.judge(windows),
      presenceFrames: this.#editors.reduce((sum, editor) => sum + editor.presenceFrames, 0),
      refused: this.#editors.reduce((sum, editor) => sum + editor.refused, 0),
      leftOut: this.#leftOut,
    };
  }

  /** Stops everything; resolves when all that was typed is durable. */
  async rest(): Promise<void> {
    this.#stopTyping();
    this.#stopMoving();
    await until(() => this.#editors.every((editor) => !editor.pending), "not every edit was acknowledged");
  }

  /** What each has once all have reached this version. */
  async replicas(version: number): Promise<readonly Replica[]> {
    await until(() => this.#editors.every((editor) => editor.version >= version), `no version ${version} everywhere`);
    const known = new WeakMap<Document, string>();
    return this.#editors.flatMap(({ content, version: reached }) =>
      content === undefined ? [] : [replicaOf(content, reached, known)],
    );
  }

  #wasAcknowledged(editor: LightEditor, version: number): void {
    this.#versions.push(version);
    this.#times.push(this.#inFlight.get(editor.number) ?? Number.NaN);
    this.#authors.push(editor.number);
    this.#acknowledged.push(now());
  }
}

serveCalls(new EditorsCrew());
