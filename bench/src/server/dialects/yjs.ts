import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";

/** Name of the Y.Text that everybody types into. */
export const TEXT_NAME = "text";
/** Yjs takes numbers for authors; those of the drivers lie here. */
export const FIRST_CLIENT = 1_000;

const SYNC = 0;
const EVERYTHING = 1;
const UPDATE = 2;
const CONTENT_TEXT = 4;
const HAS_LEFT_NEIGHBOUR = 0x80;
/** An insert of one letter is around 20 bytes; what is much longer is the state of a document. */
const LONGEST_LETTER = 60;

/**
 * Yjs's update for one letter behind the author's last one, written by hand: a Y.Doc for each editor would cost the
 * driver as much as the server.
 */
export function letterUpdate(client: number, clock: number): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 1);
  encoding.writeVarUint(encoder, 1);
  encoding.writeVarUint(encoder, client);
  encoding.writeVarUint(encoder, clock);
  if (clock === 0) {
    encoding.writeUint8(encoder, CONTENT_TEXT);
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarString(encoder, TEXT_NAME);
  } else {
    encoding.writeUint8(encoder, CONTENT_TEXT | HAS_LEFT_NEIGHBOUR);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock - 1);
  }
  encoding.writeVarString(encoder, "a");
  encoding.writeVarUint(encoder, 0);
  return encoding.toUint8Array(encoder);
}

/** The sync message that carries an update. @param document name in front, as Hocuspocus wants it */
export function updateMessage(update: Uint8Array, document?: string): Uint8Array {
  const encoder = encoding.createEncoder();
  if (document !== undefined) encoding.writeVarString(encoder, document);
  encoding.writeVarUint(encoder, SYNC);
  encoding.writeVarUint(encoder, UPDATE);
  encoding.writeVarUint8Array(encoder, update);
  return encoding.toUint8Array(encoder);
}

/** The sync message that asks for everything. */
export function askForAll(document?: string): Uint8Array {
  const encoder = encoding.createEncoder();
  if (document !== undefined) encoding.writeVarString(encoder, document);
  encoding.writeVarUint(encoder, SYNC);
  encoding.writeVarUint(encoder, 0);
  encoding.writeVarUint8Array(encoder, Uint8Array.of(0));
  return encoding.toUint8Array(encoder);
}

export interface Letter {
  readonly client: number;
  readonly clock: number;
}

/**
 * What a sync message says whose type (and document) were read: a letter, "everything" for the answer to `askForAll`,
 * undefined for anything else.
 */
export function readSync(decoder: decoding.Decoder): Letter | "everything" | undefined {
  const step = decoding.readVarUint(decoder);
  if (step === EVERYTHING) return "everything";
  if (step !== UPDATE) return undefined;
  const length = decoding.readVarUint(decoder);
  if (length > LONGEST_LETTER) return undefined;
  decoding.readVarUint(decoder);
  decoding.readVarUint(decoder);
  return { client: decoding.readVarUint(decoder), clock: decoding.readVarUint(decoder) };
}
