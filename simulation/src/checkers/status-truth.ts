import type { Status } from "@tutti/client";

/**
 * How a document really stands with somebody, made of what the disk holds and what was said on the wire; nothing of it
 * is the client's own opinion.
 */
export interface Truth {
  /** A connection on which the server has said `welcome`, as far as anybody has told the client. */
  readonly connected: boolean;
  /** There was one, or an attempt, that failed; since then there was none. */
  readonly failed: boolean;
  /** The document was asked for on this connection, and has come. */
  readonly open: boolean;
  /** What is seen is, to the bit, the version that the disk of the server holds. */
  readonly durable: boolean;
  /** Something was sent of which the client has not heard that it is durable. */
  readonly underway: boolean;
  /** Something is on its way to the device: what is in flight leaves only when it is there. */
  readonly writing: boolean;
  /** The engine is wrong now and then: it may forget what it has sent, or keep what has no effect. */
  readonly forgetful: boolean;
  /** What the device has of the document is being read. */
  readonly reading: boolean;
  /** Something was typed just now: it may have changed nothing, and has to go to the server all the same. */
  readonly fresh: boolean;
  /** Something is just happening, and what follows from it at once is still to come. */
  readonly amid: boolean;
  /** Edits made since "Saved" was true last. */
  readonly edits: number;
  /** There is a device, and it does not hold what this tab does here: it is lost when the tab dies. */
  readonly unkept: boolean;
  /** The server's last word was that it can't store. */
  readonly storageFails: boolean;
  /** The server gives the document no more, or takes nothing. */
  readonly refused: string | undefined;
  /** This person may only look. */
  readonly onlyReads: boolean;
  /** Others edit now: what this person typed before waits for a place (S11). */
  readonly views: boolean;
  /** The server has said that it can't tell who is here. */
  readonly presenceFails: boolean;
  readonly level: number;
  /** The person is asked what is to become of two texts. */
  readonly conflict: boolean;
}

const LARGE_BACKLOG = 100;
const NO_PRESENCE = 2;
const READ_ONLY_LEVELS: readonly number[] = [3, 5];

/** What must be the case where a word is read; the answer says what is not. */
const CLAIMS: Readonly<Record<Status, (truth: Truth) => string | undefined>> = {
  Saved: (truth) => notSaved(truth),
  "Presence unavailable": (truth) => {
    const unavailable = truth.level === NO_PRESENCE || truth.presenceFails;
    return notSaved(truth) ?? unless(unavailable, `presence works (level ${truth.level})`);
  },
  "Saving…": (truth) => {
    if (!truth.connected) return "there is no connection";
    if (!truth.open) return "the document is not open";
    const { durable, underway, forgetful, writing, reading, fresh, amid } = truth;
    const waits = writing || reading || fresh || amid || forgetful;
    return unless(!durable || underway || waits, "everything is saved");
  },
  "Syncing…": ({ open, edits }) => {
    return unless(!open || edits > LARGE_BACKLOG, `it is open, and there are ${edits} edits`);
  },
  "Working offline": ({ connected }) => unless(!connected, "there is a connection"),
  "Read-only mode": ({ refused, onlyReads, level, views, durable, fresh, amid, writing, forgetful }) => {
    const forbidden = refused !== undefined || onlyReads || READ_ONLY_LEVELS.includes(level);
    if (!forbidden && views) {
      return unless(durable || fresh || amid || writing || forgetful, "something waits for a place");
    }
    return unless(forbidden, `nobody said so (level ${level})`);
  },
  // What was chosen has changed the text, and is being carried out.
  Conflict: ({ conflict, fresh }) => unless(conflict || fresh, "there is nothing to choose"),
  "Changes may not be saved": (truth) => {
    const { storageFails, level, views, unkept, writing, edits, forgetful, open } = truth;
    // An engine that is wrong may be unable to read the answer that tells of a place.
    const unheard = forgetful && !open;
    const waits = (views || unheard || READ_ONLY_LEVELS.includes(level)) && edits > 0;
    const inDanger = storageFails || unkept || writing || waits;
    return unless(inDanger, "nothing fails");
  },
};

/** Words that are true while nothing can be sent. */
const OFFLINE: ReadonlySet<Status> = new Set([
  "Working offline",
  "Conflict",
  "Read-only mode",
  "Changes may not be saved",
]);
/** Words that may be read although the server can't store, or takes nothing from who views. */
const ALARMED: ReadonlySet<Status> = new Set(["Conflict", "Read-only mode", "Changes may not be saved"]);

/**
 * Why a status is not true: it says what is not, or does not say what it should (C8).
 * @returns undefined when it is true
 */
export function untruth(status: Status, truth: Truth): string | undefined {
  const claim = CLAIMS[status](truth);
  if (claim !== undefined) return claim;
  if (truth.conflict && status !== "Conflict") return "there are two texts to choose from";
  if (truth.failed && !truth.reading && !OFFLINE.has(status)) return "the connection is lost";
  if (truth.open && truth.storageFails && !ALARMED.has(status)) return "the server can't store";
  if (truth.open && truth.views && !truth.failed && !truth.amid && !ALARMED.has(status)) return "others edit now";
  const busy = truth.writing || truth.reading || truth.amid;
  if (truth.unkept && !busy && truth.failed && !truth.durable && !ALARMED.has(status))
    return "nothing keeps what was typed";
  return undefined;
}

function notSaved({ durable, underway, forgetful }: Truth): string | undefined {
  if (!durable) return "what is seen is not what the server has";
  return unless(!underway || forgetful, "something is on its way");
}

const unless = (condition: boolean, otherwise: string): string | undefined => (condition ? undefined : otherwise);
