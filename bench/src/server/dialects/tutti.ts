import { transformPosition } from "@tutti/ot";
import { type Committed, codecFor } from "@tutti/protocol";
import {
  type Dialect,
  type EditorEvents,
  editorName,
  editorNumber,
  letterOf,
  type Payload,
  type Target,
} from "./dialect.js";

const codec = codecFor("tutti.v1");

/** Speaks `tutti.v1`: docs/protocol.md. */
export class TuttiDialect implements Dialect {
  readonly path = "/v1/connect";
  readonly subprotocol = "tutti.v1";
  readonly #target: Target;
  readonly #client: string;
  readonly #number: number;
  #version = 0;
  #sequence = 0;
  /** Behind the last letter of this editor. */
  #caret = 0;

  constructor(target: Target, run: string, number: number) {
    this.#target = target;
    this.#number = number;
    this.#client = editorName(run, number);
  }

  greeting(): readonly Payload[] {
    return [codec.encode({ type: "hello", token: this.#target.token ?? "" })];
  }

  receive(bytes: Uint8Array, events: EditorEvents): readonly Payload[] | undefined {
    const message = codec.decodeDown(bytes);
    switch (message.type) {
      case "welcome":
        return [codec.encode({ type: "open", document: this.#target.document, client: this.#client })];
      case "opened":
        this.#version = message.version;
        events.ready();
        return undefined;
      case "committed":
        this.#committed(message, events);
        return undefined;
      case "presence":
      case "pong":
        return undefined;
      default:
        throw new Error(`tutti says ${JSON.stringify(message)}`);
    }
  }

  insert(): Payload {
    this.#sequence += 1;
    const letter = {
      insert: letterOf(this.#number),
      ...(this.#sequence > 1 ? { continues: true as const } : undefined),
    };
    const operation = this.#caret === 0 ? [letter] : [{ retain: this.#caret }, letter];
    const { document } = this.#target;
    return codec.encode({ type: "submit", document, sequence: this.#sequence, version: this.#version, operation });
  }

  #committed({ version, changes }: Committed, events: EditorEvents): void {
    this.#version = version + changes.length - 1;
    let own = false;
    for (const change of changes) {
      if (change.client === this.#client) {
        this.#caret += 1;
        own = true;
      } else {
        this.#caret = transformPosition(change.operation ?? [], this.#caret, "left");
        events.delivered(editorNumber(change.client), change.sequence);
      }
    }
    // After the last change: the next letter is made on all of them.
    if (own) events.acknowledged();
  }
}
