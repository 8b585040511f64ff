/** The numbers of presence (P1–P5, S11). Times are in milliseconds. */
export interface PresenceRules {
  /** Time in which changes gather before they go out in one message. */
  readonly tick: number;
  /** Moves of one connection in one second; of more, the latest counts. */
  readonly moves: number;
  /** Somebody whose connection says nothing for so long is not shown any more, until it does. */
  readonly stale: number;
  /** How often those are looked for. */
  readonly cleanUp: number;
  /** Of those who view a document, so many are shown; the others are counted. */
  readonly sample: number;
  /**
   * Messages in one second to those who edit one document, together, and as many to those who view it: the more they are,
   * the less often each is told.
   */
  readonly messages: number;
  /** When it has failed, presence starts again after so long; each time twice as long. */
  readonly restart: number;
  /** The longest of these times; after as long without failure, it begins with the first again. */
  readonly longestRestart: number;
}

export interface PresenceSettings extends PresenceRules {
  /** False: nobody is told who else is here. */
  readonly enabled: boolean;
}

export const DEFAULT_PRESENCE: PresenceSettings = {
  enabled: true,
  tick: 50,
  moves: 10,
  stale: 30_000,
  cleanUp: 10_000,
  sample: 50,
  messages: 4000,
  restart: 1000,
  longestRestart: 60_000,
};
