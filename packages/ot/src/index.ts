/**
 * @tutti/ot: operational transformation for rich text. Pure functions over immutable values; no dependency.
 *
 * Read `operation` for the grammar, `transform` for the laws and the ties, `sync` for how client and server use them.
 */
export { type Anchor, type AnchoredRange, AnchorSet } from "./anchors.js";
export {
  type Attributes,
  canonicalJson,
  composeAttributes,
  equalJson,
  type JsonValue,
} from "./attributes.js";
export { ByteReader, ByteWriter } from "./bytes.js";
export { decodeOperation, encodeOperation } from "./codec.js";
export { compose } from "./compose.js";
export { diff } from "./diff.js";
export { Document, EMBED_CHARACTER } from "./document.js";
export { applyWithEmbeds, resolveChanges } from "./embed-edits.js";
export { type EmbedType, type EmbedTypes, NO_EMBED_TYPES } from "./embed-types.js";
export { OperationError, type OperationErrorCode } from "./errors.js";
export { invert } from "./invert.js";
export { DEFAULT_OPERATION_LIMITS, type OperationLimits, UNLIMITED } from "./limits.js";
export { normalise } from "./normal-form.js";
export {
  baseLength,
  type Component,
  componentLength,
  type Delete,
  type Embed,
  equalOperations,
  type Insert,
  isDelete,
  isInsert,
  isNoop,
  isRetain,
  lengthDifference,
  type Operation,
  OperationBuilder,
  type Retain,
  type Skipped,
} from "./operation.js";
export { operationToJson, parseDocument, parseOperation } from "./parse.js";
export { type Bias, basePosition, placeOfChange, transformPosition } from "./position.js";
export { continuesRun, growRun, moveRun, type Run } from "./run.js";
export { LONGEST_SECTION_TEXT, runsOfSection, type Section, type SectionRun, sectionOf } from "./sections.js";
export { moveSelection, type Selection } from "./selection.js";
export { type Piece, Spans } from "./spans.js";
export {
  type Delivered,
  type Delivery,
  deliver,
  deliveredTo,
  deliverOwn,
  delivery,
  heard,
  operationsOf,
  piecesOf,
  rejoin,
  type Stretch,
} from "./spans-delivery.js";
export { acknowledge, admit, catchUp, edit, flush, receive, type SyncState, synchronised } from "./sync.js";
export { type IdenticalInserts, type Order, type TransformOptions, transform } from "./transform.js";
export type { ContentRun } from "./tree-read.js";
export {
  EMPTY_UNDO_HISTORY,
  putStep,
  rebaseHistory,
  recordEdit,
  type TakenStep,
  takeStep,
  type UndoHistory,
} from "./undo.js";
export { joinsUndoGroup, moveUndoGroup, UNDO_GROUPING_PAUSE, type UndoGroup, undoGroupOf } from "./undo-group.js";
export { decodeUtf8, encodeUtf8 } from "./utf8.js";
export {
  type Difference,
  ENGINE,
  ENGINE_VERSION,
  type Engine,
  EngineVersions,
  type Outcome,
  shadow,
} from "./versions.js";
