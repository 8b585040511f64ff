import richText from "rich-text";
import { type Doc, Connection as TypedConnection, types } from "sharedb/lib/client/index.js";
import { WebSocket } from "ws";
import type { Keystroke } from "../../merge/edits.js";
import type { Library, Meeting, Person } from "./person.js";

types.register(richText.type);
/** Documented, and missing in the types. */
interface Connection extends TypedConnection {
  bindToSocket(socket: WebSocket): void;
}
let documents = 0;

/** ShareDB's own client, with rich-text. */
export const SHAREDB: Library = {
  name: "ShareDB",
  async meet({ target }, content): Promise<Meeting> {
    const { url } = await target();
    documents += 1;
    const name = `offline${documents}`;
    const first = ShareDbPerson.connect(url, name);
    await first.create(content);
    await first.leave();
    return {
      async join() {
        const person = ShareDbPerson.connect(url, name);
        await person.open();
        return person;
      },
    };
  },
};

class ShareDbPerson implements Person {
  changed: () => void = () => undefined;
  readonly #url: string;
  readonly #connection: Connection;
  readonly #doc: Doc;
  #socket: WebSocket;

  private constructor(url: string, name: string) {
    this.#url = url;
    this.#socket = this.#newSocket();
    this.#connection = new TypedConnection(this.#socket as never) as Connection;
    this.#doc = this.#connection.get("documents", name);
    this.#doc.on("op", () => this.changed());
  }

  static connect(url: string, name: string): ShareDbPerson {
    return new ShareDbPerson(url, name);
  }

  create(content: string): Promise<void> {
    return told((done) => this.#doc.create([{ insert: content }], richText.type.uri, done));
  }

  open(): Promise<void> {
    return told((done) => this.#doc.subscribe(done));
  }

  get length(): number {
    return this.text().length;
  }

  type({ index, text }: Keystroke): void {
    const place = index === 0 ? [] : [{ retain: index }];
    this.#doc.submitOp([...place, text === "" ? { delete: 1 } : { insert: text }]);
  }

  text(): string {
    const { ops } = this.#doc.data as { readonly ops: readonly { readonly insert: string }[] };
    return ops.map(({ insert }) => insert).join("");
  }

  saved(): Promise<void> {
    return new Promise((resolve) => this.#doc.whenNothingPending(resolve));
  }

  async goOffline(): Promise<void> {
    const closed = new Promise((resolve) => this.#socket.once("close", resolve));
    this.#socket.terminate();
    await closed;
  }

  comeBack(): void {
    this.#socket = this.#newSocket();
    this.#connection.bindToSocket(this.#socket);
  }

  async leave(): Promise<void> {
    this.#connection.close();
  }

  #newSocket(): WebSocket {
    return new WebSocket(this.#url, { perMessageDeflate: false });
  }
}

function told(call: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => call((error) => (error ? reject(error) : resolve())));
}
