import type { Alert, DocumentHandle } from "@tutti/client";
import { useState } from "react";
import { codeOf } from "../notices/describe-error.js";
import { notify } from "../notices/notice-store.js";
import { reportFailedCall } from "../notices/report-error.js";
import type { Session } from "../session/session.js";
import { dismissAlert, restoreDeleted } from "./alerts-api.js";

interface Settling {
  /** What is on its way to the server. */
  readonly busy: "restore" | "dismiss" | null;
  restore(): void;
  dismiss(): void;
}

/** How long (ms) good news stays. */
const LASTS = 8000;

/** Carries out what the person chose about an alert; it goes when the server says that it is settled. */
export function useSettling(document: DocumentHandle, { version }: Alert, session: Session): Settling {
  const [busy, setBusy] = useState<Settling["busy"]>(null);
  const attempt = async (how: "restore" | "dismiss", act: () => Promise<void>) => {
    setBusy(how);
    try {
      await act();
    } catch (reason) {
      // Somebody else was quicker: it is settled.
      if (codeOf(reason) !== "not_found") reportFailedCall(FAILED[how], reason);
    } finally {
      setBusy(null);
    }
  };
  const bringBack = async () => {
    await restoreDeleted(session, document.id, version);
    notify({ ...RESTORED, tone: "good", lasts: LASTS });
  };
  return {
    busy,
    restore: () => void attempt("restore", bringBack),
    dismiss: () => void attempt("dismiss", () => dismissAlert(session, document.id, version)),
  };
}

const RESTORED = { title: "The text is back", text: "What others wrote since stays as well." };
const FAILED = { restore: "The text was not brought back", dismiss: "The alert was not dismissed" };
