import type { Cancel } from "./environment.js";

/** A frame of WebSocket: text for `tutti.v1+json`, bytes for `tutti.v1`. */
export type Frame = string | Uint8Array;

/** One end of an ordered connection that delivers whole frames, or closes. */
export interface Connection {
  /** Takes a frame for delivery; does nothing on a closed connection. */
  send(frame: Frame): void;
  /** Closes this end; the other end's `closed` gets code and reason, if the network lets it. */
  close(code: number, reason: string): void;
  /**
   * Stops reading, so that the other end has to wait; what was read already still comes. Left out: this end can't.
   * @returns goes on reading, when everybody who paused has called theirs
   */
  pause?(): Cancel;
  /** Bytes taken but not yet given to the network. */
  readonly bufferedBytes: number;
}

/** What the owner of a connection's end is told. Nothing comes after `closed`. */
export interface ConnectionEvents {
  frame(frame: Frame): void;
  closed(code: number, reason: string): void;
}
