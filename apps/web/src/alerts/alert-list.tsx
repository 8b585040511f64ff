import type { DocumentHandle } from "@tutti/client";
import { useAlerts } from "@tutti/react";
import type { Session } from "../session/session.js";
import { AlertStrip } from "./alert-strip.js";
import { choicesOf } from "./choices.js";

/** With more at once, the text would have no room; the others come as these are settled. */
const MOST = 2;

/** What somebody should look at in the document, newest first (L4). */
export function AlertList({ document, session }: { document: DocumentHandle; session: Session }) {
  const alerts = [...useAlerts(document)].reverse();
  const shown = alerts.map((alert) => ({ alert, choices: choicesOf(alert, session.user.id, document.role) }));
  return shown
    .filter(({ choices }) => choices.length > 0)
    .slice(0, MOST)
    .map(({ alert, choices }) => (
      <AlertStrip
        key={`${alert.kind} ${alert.version}`}
        document={document}
        session={session}
        alert={alert}
        choices={choices}
      />
    ));
}
