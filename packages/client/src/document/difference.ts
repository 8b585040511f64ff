import type { Document, Operation } from "@tutti/ot";
import { loadedAfterwards } from "../loading-afterwards.js";

/**
 * What leads from one document to another.
 * @throws CodeMissing where they have to be compared and the code for it is not here yet; into an empty one, all is new
 */
export const difference = (before: Document, after: Document): Operation =>
  before.length === 0 ? after.toDelta() : loadedAfterwards().diff(before, after);
