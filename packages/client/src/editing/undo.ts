import {
  EMPTY_UNDO_HISTORY,
  joinsUndoGroup,
  moveUndoGroup,
  type Operation,
  placeOfChange,
  putStep,
  rebaseHistory,
  recordEdit,
  type Selection,
  takeStep,
  type UndoGroup,
  type UndoHistory,
  undoGroupOf,
} from "@tutti/ot";
import type { EditOptions } from "../types.js";

/** The person's own steps, each of them one undo (C7). All that is decided is decided in @tutti/ot. */
export class Undo {
  #history: UndoHistory = EMPTY_UNDO_HISTORY;
  #group: UndoGroup | undefined;

  get canUndo(): boolean {
    return this.#history.undo.length > 0;
  }

  get canRedo(): boolean {
    return this.#history.redo.length > 0;
  }

  /**
   * Remembers a local edit.
   * @param inverse what takes it back
   * @param now in milliseconds
   */
  record(operation: Operation, inverse: Operation, { undo, selection }: EditOptions, now: number): void {
    const merge = joinsUndoGroup(this.#group, operation, now, undo);
    this.#history = recordEdit(this.#history, inverse, merge, undefined, selection);
    this.#group = undoGroupOf(operation, now);
  }

  /** Moves all steps over somebody else's operation, as it was applied to what the person sees. */
  rebase(remote: Operation): void {
    this.#history = rebaseHistory(this.#history, remote);
    if (this.#group !== undefined) this.#group = moveUndoGroup(this.#group, remote);
  }

  /**
   * Takes the newest step from its stack and puts its opposite on the other one.
   * @param invert what takes an operation on the current text back
   * @returns what to apply, and what is selected after it; undefined where there is nothing to undo (or redo)
   */
  step(kind: "undo" | "redo", invert: (operation: Operation) => Operation): UndoStep | undefined {
    const step = takeStep(this.#history, kind);
    if (step === undefined) {
      // Whatever there was, others have left nothing of it.
      this.#history = { ...this.#history, [kind]: [] };
      return undefined;
    }
    const { operation, selection, rest } = step;
    this.#history = putStep(rest, kind === "undo" ? "redo" : "undo", invert(operation), selection);
    this.#group = undefined;
    const place = placeOfChange(operation) ?? 0;
    return { operation, selection: (kind === "undo" ? selection : undefined) ?? { anchor: place, head: place } };
  }
}

/** What a step does to what the person sees. */
export interface UndoStep {
  readonly operation: Operation;
  /** Where the person looks afterwards: what was selected before the edit, or else the place of the change. */
  readonly selection: Selection;
}
