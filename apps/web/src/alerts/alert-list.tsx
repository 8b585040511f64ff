import type { DocumentHandle } from "@tutti/client";
import { useAlerts } from "@tutti/react";
import type { Session } from "../session/session.js";
import { AlertStrip } from "./alert-strip.js";

/** With more at once, the text would have no room; the others come as these are settled. */
const MOST = 2;

/** What somebody should look at in the document, newest first (L4). */
export function AlertList({ document, session }: { document: DocumentHandle; session: Session }) {
  const open = useAlerts(document).filter(({ settled }) => settled !== true);
  const newest = [...open].sort((a, b) => b.version - a.version).slice(0, MOST);
  return newest.map((alert) => <AlertStrip key={alert.version} document={document} session={session} alert={alert} />);
}
