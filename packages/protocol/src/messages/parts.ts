import {
  array,
  boolean,
  errorCode,
  integer,
  nullable,
  object,
  oneOf,
  operation,
  optional,
  type TypeOf,
  text,
} from "../schema.js";

export const documentId = text(64);
export const clientId = text(64);

/** What somebody may do in a document, each one all that those before it may: read, comment, edit, own (A2). */
export const role = oneOf("viewer", "commenter", "editor", "owner");
export type Role = TypeOf<typeof role>;

/** `ErrorData` on the wire. */
export const error = object({
  code: errorCode,
  message: text(2000),
  retry: boolean,
  retryAfter: optional(integer(0)),
});

/** Who somebody is, as others see them. */
export const user = object({ id: text(64), name: text(80) });
export type User = TypeOf<typeof user>;

/** One committed operation; or several, composed, with the names and the checksum of the newest of them. */
export const change = object({
  /** Client and its sequence number: together they name the edit for ever (S2). */
  client: clientId,
  sequence: integer(1),
  /** The id of the person. */
  user: text(64),
  /**
   * Left out where it is the receiver's own: they know it, and this is its acknowledgement. There all the same, to those
   * who opened with `pieces`, where the server doesn't know any more how the receiver was told of what came before it.
   */
  operation: optional(operation),
  /** Of the document after this operation (E9). Old operations may come without: not every one is kept. */
  checksum: optional(integer(0)),
  /** How many versions it makes; 1 where it is left out. */
  versions: optional(integer(1)),
});
export type Change = TypeOf<typeof change>;

/** Where somebody is: positions in the text of `version`, in UTF-16 units; anchor = head without a selection. */
export const cursor = object({ anchor: integer(0), head: integer(0), version: integer(0) });
export type Cursor = TypeOf<typeof cursor>;

/** One tab of one person in a document. `cursor` is null while they are only looking; `gone` when they left. */
export const presenceEntry = object({
  client: clientId,
  user,
  cursor: nullable(cursor),
  gone: optional(boolean),
});
export type PresenceEntry = TypeOf<typeof presenceEntry>;
export const presenceEntries = array(presenceEntry);
