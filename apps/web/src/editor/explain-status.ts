import type { Status } from "@tutti/client";

/** What a status depends on besides its word. */
export interface Standing {
  /** What is typed here survives a reload. */
  readonly stored: boolean;
  /** Something typed here is not durable on the server. */
  readonly unsaved: boolean;
  /** Whether this person may write at all. */
  readonly writable: boolean;
  /** They only view for now: many are here, or the owner says who edits (S11). */
  readonly viewing: boolean;
}

/** What the word means for the person's text, in a sentence or two (C8). */
export function explainStatus(status: Status, { stored, unsaved, writable, viewing }: Standing): string {
  switch (status) {
    case "Saved":
      return "Everything is on the server.";
    case "Saving…":
      return "Your last changes are on their way to the server.";
    case "Syncing…":
      return `Catching up with the server.${unsaved ? ` ${kept(stored)}` : ""}`;
    case "Presence unavailable":
      return "Your changes are saved. Other people's cursors can't be shown at the moment.";
    case "Read-only mode":
      return explainReadOnly(writable, viewing);
    case "Working offline":
      return `There is no connection to the server. ${explainOffline(unsaved, stored, writable)}`;
    case "Conflict":
      return "Your text and the document can't be brought together without you. Nothing is lost; please choose.";
    case "Changes may not be saved":
      if (viewing) return `You are viewing for now, so your last changes can't be sent yet. ${kept(stored)}`;
      return stored
        ? "The server can't save at the moment. Your text is kept on this device, and sent again and again."
        : "Your last changes are in this page only: the server can't take them now, and this browser keeps nothing. Leave the page open until they are sent, or copy your text.";
  }
}

function explainReadOnly(writable: boolean, viewing: boolean): string {
  if (viewing) return "You are viewing for now. You can ask to edit.";
  return writable
    ? "The server takes no changes at the moment. You can read on; writing comes back by itself."
    : "You may read this document, but not change it.";
}

function explainOffline(unsaved: boolean, stored: boolean, writable: boolean): string {
  if (unsaved) return kept(stored);
  return writable ? writeOn(stored) : "You can read on; what others write arrives when it is back.";
}

function writeOn(stored: boolean): string {
  return stored
    ? "You can write on: it is kept on this device and sent later."
    : "You can write on, but this browser keeps nothing: leave the page open until it is sent.";
}

function kept(stored: boolean): string {
  return stored
    ? "Your text is kept on this device and sent by itself; you may close this page."
    : "Your text is in this page only: leave it open until it is sent.";
}
