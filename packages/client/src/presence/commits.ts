import { type Operation, transformPosition } from "@tutti/ot";
import type { Cursor } from "@tutti/protocol";
import type { CursorRange } from "./people.js";

/** What leads from version `from` to `version`; one version, or several as one. */
export interface Commit {
  readonly from: number;
  readonly version: number;
  readonly client: string;
  readonly operation: Operation;
}

/** Newest commits kept, to bring positions of older versions up to date. */
const REMEMBERED_COMMITS = 200;

/** The newest commits of a document: what a cursor of an older version is brought up to date with. */
export class Commits {
  #commits: Commit[] = [];

  add(commit: Commit): void {
    this.#commits.push(commit);
    // Twice the number before cutting, so that the cost of a cut is spread.
    if (this.#commits.length > 2 * REMEMBERED_COMMITS) this.#commits = this.#commits.slice(-REMEMBERED_COMMITS);
  }

  /** A cursor of `client`, as far as what is remembered leads. */
  catchUp(client: string, cursor: Cursor): Cursor {
    let moved = cursor;
    // Most cursors are of the newest version, or nearly.
    for (let index = this.#firstAfter(cursor.version); index < this.#commits.length; index += 1) {
      const commit = this.#commits[index];
      if (commit !== undefined) moved = moveCursor(moved, client, commit);
    }
    return moved;
  }

  /** The index of the first commit that leads to a version above this one. */
  #firstAfter(version: number): number {
    let index = this.#commits.length;
    while (index > 0 && (this.#commits[index - 1]?.version ?? 0) > version) index -= 1;
    return index;
  }
}

/**
 * A cursor of `client` after a commit: their own text pushes it along, other people's does not. Everybody, the server
 * too, moves everybody's by this rule. One that belongs to an older or newer version stays as it is.
 */
export function moveCursor(cursor: Cursor, client: string, commit: Commit): Cursor {
  const { from, version, client: author, operation } = commit;
  if (cursor.version < from || cursor.version >= version) return cursor;
  // From amid several versions that came as one, nobody can tell where it went; it goes on from there.
  if (cursor.version > from) return { ...cursor, version };
  const bias = author === client ? "right" : "left";
  return {
    anchor: transformPosition(operation, cursor.anchor, bias),
    head: transformPosition(operation, cursor.head, bias),
    version,
  };
}

/** Of cursors of one version. */
export const sameCursor = (one: CursorRange | null, other: CursorRange | null): boolean =>
  one?.anchor === other?.anchor && one?.head === other?.head;
