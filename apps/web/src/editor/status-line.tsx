import type { DocumentHandle, Status } from "@tutti/client";
import { Icon } from "../icons/icon.js";
import type { IconName } from "../icons/paths.js";
import classes from "./status-line.module.css";
import { useStatus } from "./use-status.js";

type Tone = "good" | "busy" | "warn" | "bad";

const LOOKS: Readonly<Record<Status, { readonly icon: IconName; readonly tone: Tone }>> = {
  Saved: { icon: "saved", tone: "good" },
  "Saving…": { icon: "saving", tone: "busy" },
  "Syncing…": { icon: "saving", tone: "busy" },
  "Presence unavailable": { icon: "people", tone: "warn" },
  "Read-only mode": { icon: "eye", tone: "warn" },
  "Working offline": { icon: "offline", tone: "warn" },
  Conflict: { icon: "warning", tone: "bad" },
  "Changes may not be saved": { icon: "warning", tone: "bad" },
};

/** How the document stands: in words, with an icon of its own for every case. */
export function StatusLine({ document }: { document: DocumentHandle }) {
  const status = useStatus(document);
  const { icon, tone } = LOOKS[status];
  return (
    <div role="status" aria-live="polite" className={classes.status} data-tone={tone}>
      <Icon name={icon} size={17} />
      <span>{status}</span>
    </div>
  );
}
