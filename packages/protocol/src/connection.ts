/** A frame of WebSocket: text for `tutti.v1+json`, bytes for `tutti.v1`. */
export type Frame = string | Uint8Array;

/** One end of an ordered connection that delivers whole frames, or closes. */
export interface Connection {
  /** Takes a frame for delivery; does nothing on a closed connection. */
  send(frame: Frame): void;
  /** Closes this end; the other end's `closed` gets code and reason, if the network lets it. */
  close(code: number, reason: string): void;
  /** Bytes taken but not yet given to the network. */
  readonly bufferedBytes: number;
}

/** What the owner of a connection's end is told. Nothing comes after `closed`. */
export interface ConnectionEvents {
  frame(frame: Frame): void;
  closed(code: number, reason: string): void;
}
