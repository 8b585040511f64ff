import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import type { Dialect, EditorEvents, Payload, Target } from "./dialect.js";
import { askForAll, FIRST_CLIENT, letterUpdate, readSync, updateMessage } from "./yjs.js";

const SYNC = 0;
const AUTH = 2;
const SYNC_REPLY = 4;
const SYNC_STATUS = 8;

/** Speaks Hocuspocus's protocol, with its own acknowledgement ("sync status"). */
export class HocuspocusDialect implements Dialect {
  readonly path = "/";
  readonly #document: string;
  readonly #client: number;
  #clock = 0;

  constructor(target: Target, _run: string, number: number) {
    this.#document = target.document;
    this.#client = FIRST_CLIENT + number;
  }

  greeting(): readonly Payload[] {
    const encoder = encoding.createEncoder();
    encoding.writeVarString(encoder, this.#document);
    encoding.writeVarUint(encoder, AUTH);
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarString(encoder, "token");
    return [encoding.toUint8Array(encoder), askForAll(this.#document)];
  }

  receive(bytes: Uint8Array, events: EditorEvents): readonly Payload[] | undefined {
    const decoder = decoding.createDecoder(bytes);
    // The name of the document: skipped, not made into text.
    const name = decoding.readVarUint(decoder);
    decoder.pos += name;
    const type = decoding.readVarUint(decoder);
    if (type === SYNC_STATUS) events.acknowledged();
    if (type !== SYNC && type !== SYNC_REPLY) return undefined;
    const said = readSync(decoder);
    if (said === undefined) return undefined;
    if (said === "everything") events.ready();
    else if (said.client !== this.#client) events.delivered(said.client - FIRST_CLIENT, said.clock + 1);
    return undefined;
  }

  insert(): Payload {
    const update = letterUpdate(this.#client, this.#clock);
    this.#clock += 1;
    return updateMessage(update, this.#document);
  }
}
