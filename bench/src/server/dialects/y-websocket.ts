import * as decoding from "lib0/decoding";
import type { Dialect, EditorEvents, Payload, Target } from "./dialect.js";
import { askForAll, FIRST_CLIENT, letterUpdate, readSync, updateMessage } from "./yjs.js";

const SYNC = 0;

/** Speaks y-websocket's protocol. It has no acknowledgement: the echo of an update stands for it. */
export class YWebSocketDialect implements Dialect {
  readonly path: string;
  readonly #client: number;
  #clock = 0;

  constructor(target: Target, _run: string, number: number) {
    this.path = `/${target.document}`;
    this.#client = FIRST_CLIENT + number;
  }

  greeting(): readonly Payload[] {
    return [askForAll()];
  }

  receive(bytes: Uint8Array, events: EditorEvents): readonly Payload[] | undefined {
    const decoder = decoding.createDecoder(bytes);
    if (decoding.readVarUint(decoder) !== SYNC) return undefined;
    const said = readSync(decoder);
    if (said === undefined) return undefined;
    if (said === "everything") events.ready();
    else if (said.client === this.#client) events.acknowledged();
    else events.delivered(said.client - FIRST_CLIENT, said.clock + 1);
    return undefined;
  }

  insert(): Payload {
    const update = letterUpdate(this.#client, this.#clock);
    this.#clock += 1;
    return updateMessage(update);
  }
}
