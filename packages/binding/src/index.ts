/**
 * @tutti/binding: what every editor binding needs and none should write again.
 *
 * `hold` keeps changes of others away from a line that an input method composes; `remote-cursors` says where the others
 * are; `cursor-layer` draws them over the text; `writable` says whether the person may type.
 */
export { changedSpan, type Span } from "./changed-span.js";
export { CursorLayer, type CursorLayerOptions, idleDelay, type MeasuredCursor } from "./cursor-layer.js";
export { editUnderHold, holdBack, type Line, type Region, regionOf } from "./hold.js";
export { moveCursors, placeCursors, type RemoteCursor, safeColour } from "./remote-cursors.js";
export { selectionBoxes } from "./selection-boxes.js";
export { selectionAfter } from "./undo-selection.js";
export { isWritable } from "./writable.js";
