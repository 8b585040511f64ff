/** What happens in presence, for metrics. As with `Observer`, cheap and without exceptions. */
export interface PresenceObserver {
  /** Documents in which somebody is, and clients in them. */
  size(rooms: number, clients: number): void;
  /** A client said where it is. */
  moved(): void;
  /** So many statements of clients were left out: too many, too late, or of a version that nobody knows any more. */
  dropped(moves: number): void;
  /** Somebody was sent a message. */
  told(): void;
  /** Presence works, or not any more. */
  up(works: boolean): void;
  /** It was started again after a failure. */
  restarted(): void;
}

export const silentPresenceObserver: PresenceObserver = {
  size() {},
  moved() {},
  dropped() {},
  told() {},
  up() {},
  restarted() {},
};
