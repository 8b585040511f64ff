import * as decoding from "lib0/decoding";
import type { Dialect, EditorEvents, Payload, Target } from "./dialect.js";
import { askForAll, FIRST_CLIENT, letterUpdate, readLetter, updateMessage } from "./yjs.js";

const SYNC = 0;

/** Speaks y-websocket's protocol. It has no acknowledgement: the echo of an update stands for it. */
export class YWebSocketDialect implements Dialect {
  readonly path: string;
  readonly #client: number;
  #clock = 0;
  #ready = false;

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
    const letter = readLetter(decoder);
    if (letter === undefined) {
      if (!this.#ready) events.ready();
      this.#ready = true;
    } else if (letter.client === this.#client) events.acknowledged();
    else events.delivered(letter.client - FIRST_CLIENT, letter.clock + 1);
    return undefined;
  }

  insert(): Payload {
    const update = letterUpdate(this.#client, this.#clock);
    this.#clock += 1;
    return updateMessage(update);
  }
}
