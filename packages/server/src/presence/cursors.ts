import type { Cursor } from "@tutti/protocol";
import { type CommittedOperation, carry } from "./carry.js";
import type { Face } from "./face.js";
import type { Faces } from "./faces.js";

/** What presence asks of one document. */
export interface DocumentHistory {
  /** The newest version; undefined: it is not in memory. */
  readonly version: number | undefined;
  /** Those who view are told in rounds, several operations as one. */
  readonly inRounds: boolean;
  /** In such a round they will be brought to the newest version; they have not been yet. */
  readonly viewersWait: boolean;
  /** Operations after a version, where memory holds them. */
  since(version: number): readonly CommittedOperation[] | undefined;
}

/** A cursor that lies further behind is given up: its owner tells a newer one soon, or looks elsewhere. */
const MOST_BEHIND = 1000;
/** Components of operations that cursors are carried over in one go; the others stay where they are until the next. */
const WORK_AT_ONCE = 30_000;

/** The cursors of those who are shown, brought to the newest version when somebody is told of them (P4). */
export class Cursors {
  readonly #faces: Faces;
  readonly #history: DocumentHistory;
  /** Those who moved since `settle`. */
  readonly #moved = new Set<Face>();
  /** The version that they were brought to the last time. */
  #settledAt = 0;
  /** Some of them were not: that would have been too much work at once. */
  unfinished = false;

  constructor(faces: Faces, history: DocumentHistory) {
    this.#faces = faces;
    this.#history = history;
  }

  /** How many versions have come since `settle`. @param version the newest */
  behind(version: number): number {
    return version - this.#settledAt;
  }

  /** Somebody said where they are. @returns true where an older statement of theirs was not told yet */
  moved(face: Face): boolean {
    const before = this.#moved.has(face);
    this.#moved.add(face);
    return before;
  }

  forget(face: Face): void {
    this.#moved.delete(face);
  }

  /** @returns how many were dropped, because they belong to versions that are not known */
  settle(): number {
    const { version } = this.#history;
    if (version === undefined) return 0;
    const dropped = this.#takeMoves(version);
    this.#carryAll(version);
    this.#settledAt = version;
    return dropped;
  }

  #takeMoves(version: number): number {
    let dropped = 0;
    for (const face of this.#moved) {
      const said = face.state.cursor;
      const known = said === null || (said.version <= version && this.#knows(said.version, version));
      if (!known) dropped += 1;
      else if (said !== null || face.cursor !== null) place(this.#faces, face, said);
    }
    this.#moved.clear();
    return dropped;
  }

  #knows(from: number, version: number): boolean {
    return from === version || (version - from <= MOST_BEHIND && this.#history.since(from) !== undefined);
  }

  #carryAll(version: number): void {
    this.unfinished = false;
    const operations = this.#operationsFor(version);
    const first = version - operations.length;
    let work = 0;
    for (const face of this.#faces.all()) {
      if (face.cursor === null || face.cursor.version >= version) continue;
      if (face.cursor.version < first) {
        place(this.#faces, face, null);
        continue;
      }
      for (let index = face.cursor.version - first; index < operations.length; index += 1) {
        const operation = operations[index];
        this.unfinished = work > WORK_AT_ONCE;
        if (operation === undefined || this.unfinished) break;
        work += 1 + operation.operation.length;
        this.#carry(face, operation);
      }
    }
  }

  #carry(face: Face, operation: CommittedOperation): void {
    if (face.cursor === null) return;
    face.cursor = carry(face.cursor, face.client, operation);
    // Should presence fail, this is what it starts again with.
    face.state.cursor = face.cursor;
    if (operation.client === face.client) face.newest.own = this.#faces.change();
  }

  /** Everything that the cursor furthest behind needs, if it is known; otherwise as much as is known. */
  #operationsFor(version: number): readonly CommittedOperation[] {
    const versions = new Set<number>();
    for (const { cursor } of this.#faces.all()) if (cursor !== null) versions.add(cursor.version);
    for (const from of [...versions].sort((a, b) => a - b)) {
      if (from >= version) break;
      const operations = version - from <= MOST_BEHIND ? this.#history.since(from) : undefined;
      if (operations !== undefined) return operations;
    }
    return [];
  }
}

function place(faces: Faces, face: Face, cursor: Cursor | null): void {
  const moment = faces.change();
  if (cursor === null) face.newest.entry = moment;
  else face.newest.move = moment;
  face.cursor = cursor;
}
