import {
  admit,
  baseLength,
  DEFAULT_OPERATION_LIMITS,
  type Document,
  type IdenticalInserts,
  lengthDifference,
  type Operation,
  OperationError,
  parseOperation,
} from "@tutti/ot";
import { type Limits, OPERATION_ERRORS, TuttiError } from "@tutti/protocol";

/** What an author sends: an operation made on `version`. */
export interface Submission {
  readonly sequence: number;
  readonly version: number;
  readonly operation: readonly unknown[];
}

/** An operation as it stands in the log of the document, and the document it makes. */
export interface Admitted {
  readonly operation: Operation;
  readonly document: Document;
}

/**
 * The heart of a commit: validate → transform → apply. Pure.
 *
 * @param document the newest content, which `since` leads to from the version that the author had
 * @param since what was committed after that version
 * @param identical what becomes of equal inserts at one place (E5): the setting of the document
 * @throws TuttiError with the code of what is wrong; nothing has happened then
 */
export function admitSubmission(
  submission: Submission,
  document: Document,
  since: readonly Operation[],
  limits: Limits,
  identical: IdenticalInserts,
): Admitted {
  try {
    const original = parseOperation(submission.operation, {
      ...DEFAULT_OPERATION_LIMITS,
      insertLength: limits.insertLength,
    });
    checkRange(original, document, since);
    const operation = admit(original, since, identical);
    if (document.length + lengthDifference(operation) > limits.documentLength) {
      throw new TuttiError("document_too_large", `a document holds at most ${limits.documentLength} units`);
    }
    return { operation, document: document.apply(operation) };
  } catch (error) {
    if (error instanceof OperationError) throw new TuttiError(OPERATION_ERRORS[error.code], error.message);
    throw error;
  }
}

/** Against the version that the author had: a transform could hide an operation that reached behind its end. */
function checkRange(operation: Operation, document: Document, since: readonly Operation[]): void {
  const length = since.reduce((sum, committed) => sum - lengthDifference(committed), document.length);
  const reached = baseLength(operation);
  if (reached > length) {
    throw new TuttiError("operation_out_of_range", `reaches ${reached} in a document of ${length}`);
  }
}
