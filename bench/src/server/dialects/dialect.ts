/** What an editor learns from its server. */
export interface EditorEvents {
  /** The handshake is done; inserts may be sent. */
  ready(): void;
  /** The oldest insert that was not answered yet is acknowledged. */
  acknowledged(): void;
  /** An insert of another editor has arrived here. @param author its number @param sequence 1 for its first insert */
  delivered(author: number, sequence: number): void;
}

export type Payload = Uint8Array | string;

/**
 * One editor of one document as a kind of server sees it, on bare messages: no client library, so that all servers are
 * driven at the same small cost. It types letter after letter at a place of its own.
 */
export interface Dialect {
  readonly path: string;
  readonly subprotocol?: string;
  /** What is sent once the socket is open. */
  greeting(): readonly Payload[];
  /** What comes back. @returns what is to be answered */
  receive(message: Uint8Array, events: EditorEvents): readonly Payload[] | undefined;
  /** The next letter. */
  insert(): Payload;
}

/** Where a driver finds the document. */
export interface Target {
  /** `ws://…` without a path. */
  readonly url: string;
  readonly document: string;
  /** Where the server asks for one. */
  readonly token?: string;
}

/** The number of an editor in its name, which is its author id where the server takes a text for it. */
export const editorName = (run: string, number: number): string => `${run}-${number}`;
export const editorNumber = (name: string): number => Number(name.slice(name.lastIndexOf("-") + 1));

/** The letter that an editor types: each its own, since Tutti takes equal letters at one place for one (E5). */
export const letterOf = (number: number): string => String.fromCharCode(number < 26 ? 0x61 + number : 0xc0 + number);
