import {
  type Dialect,
  type EditorEvents,
  editorName,
  editorNumber,
  letterOf,
  type Payload,
  type Target,
} from "./dialect.js";

interface Message {
  readonly a: string;
  readonly error?: unknown;
  readonly v?: number;
  readonly src?: string;
  readonly seq?: number;
  readonly data?: { readonly v: number };
  readonly op?: { readonly ops: readonly Part[] } | readonly Part[];
}
type Part = { readonly retain: number } | { readonly insert: string };

/** Speaks ShareDB's JSON protocol: one operation in flight, made on the newest version. */
export class ShareDbDialect implements Dialect {
  readonly path = "/";
  readonly #document: string;
  readonly #name: string;
  readonly #number: number;
  #version = 0;
  #sequence = 0;
  #caret = 0;

  constructor(target: Target, run: string, number: number) {
    this.#document = target.document;
    this.#number = number;
    this.#name = editorName(run, number);
  }

  greeting(): readonly Payload[] {
    const hello = { a: "hs", id: this.#name, protocol: 1, protocolMinor: 2 };
    const subscribe = { a: "s", c: "documents", d: this.#document, v: null };
    return [JSON.stringify(hello), JSON.stringify(subscribe)];
  }

  receive(bytes: Uint8Array, events: EditorEvents): readonly Payload[] | undefined {
    const message = JSON.parse((bytes as Buffer).toString("utf8")) as Message;
    if (message.error !== undefined) throw new Error(`ShareDB says ${JSON.stringify(message)}`);
    if (message.a === "s") {
      this.#version = message.data?.v ?? 0;
      events.ready();
    } else if (message.a === "op") {
      this.#operation(message, events);
    }
    return undefined;
  }

  insert(): Payload {
    this.#sequence += 1;
    const letter = { insert: letterOf(this.#number) };
    const op = this.#caret === 0 ? [letter] : [{ retain: this.#caret }, letter];
    const place = { c: "documents", d: this.#document, v: this.#version };
    return JSON.stringify({ a: "op", ...place, seq: this.#sequence, x: {}, op });
  }

  #operation({ v = 0, src = "", seq = 0, op }: Message, events: EditorEvents): void {
    this.#version = v + 1;
    if (src === this.#name) {
      this.#caret += 1;
      events.acknowledged();
      return;
    }
    const first = op === undefined ? undefined : ("ops" in op ? op.ops : op)[0];
    const at = first !== undefined && "retain" in first ? first.retain : 0;
    if (at < this.#caret) this.#caret += 1;
    events.delivered(editorNumber(src), seq);
  }
}
