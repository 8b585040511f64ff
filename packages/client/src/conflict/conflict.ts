import type { Operation } from "@tutti/ot";
import type { ErrorData } from "@tutti/protocol";
import type { DocumentHandle } from "../types.js";

/**
 * "deleted": the document is gone; "revoked": this person may not change it any more; "refused": the server will never
 * take an edit; "diverged": the two sides are too far apart to be merged without asking.
 */
export type ConflictReason = "deleted" | "revoked" | "refused" | "diverged";

/**
 * Text of a person that can't just be saved, and the choice they have (C12). Nothing is thrown away before they chose.
 * While it is open they can go on editing; nothing is sent.
 */
export interface Conflict {
  readonly reason: ConflictReason;
  /** What the server said; undefined where it has nothing against the edits. */
  readonly error: ErrorData | undefined;
  /** My text as it is here. */
  readonly mine: Operation;
  /** The server's, when the conflict arose; undefined where it can't be had. */
  readonly theirs: Operation | undefined;
  /** What `merge` would make of both; undefined where `theirs` can't be had. */
  readonly merged: Operation | undefined;
  /** Sends my edits after all, merged into the server's text. If that is refused again, there is another conflict. */
  merge(): void;
  /** Gives my unsaved edits up, and goes on with the server's text where there is one. */
  discard(): void;
  /**
   * Puts my text into another document, and gives it up here once it is saved there. When anything of that fails, all is
   * as it was.
   * @param create makes an empty document and says its id
   * @returns the other document, open
   */
  keepAsCopy(create: () => Promise<string>): Promise<DocumentHandle>;
}
