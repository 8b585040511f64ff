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

export const userId = text(64);
/** Who somebody is, as others see them. */
export const user = object({ id: userId, name: text(80) });
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

/**
 * How others see somebody who views (P5): by name; as one of many without a name; not at all. Whoever edits is seen by
 * name, because edits carry it.
 */
export const visibility = oneOf("named", "anonymous", "hidden");
export type Visibility = TypeOf<typeof visibility>;

/** What somebody works with. */
export const device = oneOf("computer", "tablet", "phone", "program");
export type Device = TypeOf<typeof device>;

/**
 * One tab of one person in a document. `cursor` is null while they are only looking; `gone` when they left. `number`
 * stands for the entry in `moved` (`presence`); `active` is how many milliseconds ago they did something; `colour` is which
 * colour they have here, counted from 0: nobody else has it while there are enough of them.
 */
export const presenceEntry = object({
  client: clientId,
  user,
  cursor: nullable(cursor),
  gone: optional(boolean),
  number: optional(integer(0)),
  activity: optional(oneOf("editing", "viewing")),
  active: optional(integer(0)),
  device: optional(device),
  colour: optional(integer(0)),
});
export type PresenceEntry = TypeOf<typeof presenceEntry>;
export const presenceEntries = array(presenceEntry);
