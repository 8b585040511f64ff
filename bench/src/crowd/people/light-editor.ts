import {
  acknowledge,
  edit as addEdit,
  type Document,
  flush,
  type Operation,
  receive,
  type SyncState,
  synchronised,
  transformPosition,
} from "@tutti/ot";
import type { Change, Committed, DownMessage, Opened, Presence } from "@tutti/protocol";
import { letterOf } from "../../server/dialects/dialect.js";
import { check, type SharedContent } from "./shared-content.js";
import { CODES, codeOf, type SharedDecoder } from "./shared-decoder.js";
import { Visit } from "./visit.js";
import type { Place } from "./wire.js";

/** What the editors of one process share. */
export interface EditorSettings {
  readonly place: Place;
  readonly decoder: SharedDecoder;
  readonly contents: SharedContent;
  /** Its operation in flight is `version` now, and durable. */
  readonly acknowledged: (editor: LightEditor, version: number) => void;
  /** These versions are there, its own among them. */
  readonly arrived: (editor: LightEditor, first: number, last: number) => void;
  /** Left out: cursors of others are not looked at. */
  readonly presence?: ((editor: LightEditor, presence: Presence) => void) | undefined;
}

/**
 * Somebody who types and moves a cursor, on bare messages and the algebra alone: a whole replica, whose content is held
 * against the server's checksum at every version, without what an SDK does besides.
 */
export class LightEditor {
  readonly number: number;
  readonly #settings: EditorSettings;
  readonly #client: string;
  readonly #visit: Visit;
  #sync: SyncState = synchronised(0);
  /** What everybody has at `#sync.version`. */
  #confirmed: Document | undefined;
  #sequence = 0;
  /** Behind its last letter, in what it sees. */
  #caret = 0;
  /** An operation may be sent: it has a place to edit, and none is in flight. */
  #mayType = true;
  presenceFrames = 0;
  refused = 0;

  private constructor(settings: EditorSettings, client: string, number: number) {
    this.#settings = settings;
    this.#client = client;
    this.number = number;
    this.#visit = new Visit(settings.place, client);
  }

  /**
   * Resolves when the content is there.
   * @param at where it types: a share (0 to 1) of the content
   */
  static async join(
    settings: EditorSettings,
    token: string,
    { client, number, at }: { readonly client: string; readonly number: number; readonly at: number },
  ): Promise<LightEditor> {
    const editor = new LightEditor(settings, client, number);
    await editor.#visit.enter(token, (frame) => editor.#receive(frame));
    editor.#caret = Math.floor((editor.#confirmed?.length ?? 0) * at);
    return editor;
  }

  get version(): number {
    return this.#sync.version;
  }

  /** What is durable of what it has seen. */
  get content(): Document | undefined {
    return this.#confirmed;
  }

  /** Something of it is not durable yet. */
  get pending(): boolean {
    return this.#sync.kind !== "synchronised";
  }

  /** Sends the next letter, unless the last one is not acknowledged yet: a client composes then. @returns whether */
  type(): boolean {
    if (this.pending || !this.#mayType) return false;
    const letter = {
      insert: letterOf(this.number),
      ...(this.#sequence > 0 ? { continues: true as const } : undefined),
    };
    const operation: Operation = this.#caret === 0 ? [letter] : [{ retain: this.#caret }, letter];
    this.#sync = flush(addEdit(this.#sync, operation));
    this.#caret += 1;
    this.#sequence += 1;
    this.#submit(operation);
    return true;
  }

  /** Its cursor is here now; what is selected shows others which move it was. */
  move(selected: number): void {
    const length = this.#confirmed?.length ?? 0;
    const anchor = Math.min(this.#caret, length);
    const head = Math.min(anchor + selected, length);
    const cursor = { anchor, head, version: this.version };
    this.#visit.send({ type: "move", document: this.#settings.place.document, cursor });
  }

  ping(): void {
    this.#visit.ping();
  }

  end(): void {
    this.#visit.end();
  }

  #submit(operation: Operation): void {
    const { document } = this.#settings.place;
    this.#visit.send({ type: "submit", document, sequence: this.#sequence, version: this.version, operation });
  }

  #receive(frame: Uint8Array): void {
    if (codeOf(frame) === CODES.presence) {
      this.presenceFrames += 1;
      if (this.#settings.presence === undefined) return;
    }
    this.#handle(this.#settings.decoder.decode(frame));
  }

  #handle(message: DownMessage): void {
    switch (message.type) {
      case "committed":
        this.#committed(message);
        return;
      case "opened":
        this.#open(message);
        return;
      case "presence":
        this.#settings.presence?.(this, message);
        return;
      case "attendance":
        this.#mayType = message.place === "editing";
        return;
      case "rejected":
        this.#resend(message.error);
        return;
      case "closed":
        this.#visit.closed(message);
        return;
      case "failed":
      case "acknowledged":
        throw this.#visit.surprise(message);
    }
  }

  #open(message: Opened): void {
    this.#confirmed = this.#settings.contents.open(message);
    this.#sync = synchronised(message.version);
    this.#mayType = message.place !== "viewing";
    this.#visit.opened();
  }

  #resend({
    retry,
    retryAfter = 0,
    code,
  }: {
    readonly retry: boolean;
    readonly retryAfter?: number | undefined;
    readonly code: string;
  }): void {
    if (!retry) throw new Error(`the server refused ${this.#client}: ${code}`);
    this.refused += 1;
    setTimeout(() => {
      if ("inFlight" in this.#sync) this.#submit(this.#sync.inFlight);
    }, retryAfter);
  }

  #committed(message: Committed): void {
    if (message.version !== this.version + 1) {
      throw new Error(`${this.#client} has ${this.version} and is told of ${message.version}`);
    }
    for (const change of message.changes) {
      if (change.client === this.#client && change.versions === undefined) this.#own(change);
      else this.#others(change);
    }
    this.#settings.arrived(this, message.version, this.version);
  }

  #own({ operation, checksum }: Change): void {
    const mine = operation ?? ("inFlight" in this.#sync ? this.#sync.inFlight : undefined);
    if (mine === undefined) throw new Error(`${this.#client} is told of an edit that it did not make`);
    this.#confirmed = this.#confirmed?.apply(mine);
    this.#sync = acknowledge(this.#sync);
    this.#verify(checksum);
    this.#settings.acknowledged(this, this.version);
  }

  #others({ operation = [], checksum, versions = 1 }: Change): void {
    this.#confirmed = this.#confirmed?.apply(operation);
    const received = receive(this.#sync, operation, undefined, versions);
    this.#sync = received.state;
    this.#caret = transformPosition(received.apply, this.#caret, "left");
    this.#verify(checksum);
  }

  #verify(checksum: number | undefined): void {
    if (this.#confirmed !== undefined) check(this.#confirmed, this.version, checksum);
  }
}
