import type { Keystroke } from "../../merge/edits.js";
import type { Running } from "../../server/contestants.js";

/** Somebody at a document, with the client library that people use with a server. */
export interface Person {
  /** Makes one edit of its own of this; it shows at once. */
  type(keystroke: Keystroke): void;
  /** In UTF-16 units. */
  readonly length: number;
  text(): string;
  /** Resolves when the server has said that it has everything so far; at once where it never says so. */
  saved(): Promise<void>;
  /** Called whenever the text has changed. */
  changed: () => void;
  /** Loses the network. Resolves when the library knows it. */
  goOffline(): Promise<void>;
  /** The network is back: connects at once. */
  comeBack(): void;
  leave(): Promise<void>;
}

/** The document that several people open, made by its first visitor where the server has no call for it. */
export interface Meeting {
  /** Resolves when the content is there. */
  join(): Promise<Person>;
}

/** A client library, and how people meet with it. */
export interface Library {
  readonly name: string;
  /** @param running the server @param content of the new document */
  meet(running: Running, content: string): Promise<Meeting>;
}
