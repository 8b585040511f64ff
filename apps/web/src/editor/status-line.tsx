import { Tooltip } from "@mantine/core";
import { useId } from "@mantine/hooks";
import type { DocumentHandle, Status } from "@tutti/client";
import { isViewing } from "../attendance/is-viewing.js";
import { Icon } from "../icons/icon.js";
import type { IconName } from "../icons/paths.js";
import { explainStatus } from "./explain-status.js";
import classes from "./status-line.module.css";
import { useStatus } from "./use-status.js";
import { useUnsaved } from "./use-unsaved.js";

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

/**
 * How the document stands: in words, with an icon of its own for every case, and what it means under the pointer, on
 * focus and on touch. Only the word is announced: the explanation would be read aloud with every keystroke.
 */
export function StatusLine({ document }: { document: DocumentHandle }) {
  const status = useStatus(document);
  const unsaved = useUnsaved(document);
  const explanationId = useId();
  const { icon, tone } = LOOKS[status];
  const { stored, writable } = document;
  const explanation = explainStatus(status, { stored, unsaved, writable, viewing: isViewing(document) });
  return (
    <>
      <div role="status" aria-live="polite">
        <Tooltip
          label={explanation}
          multiline
          maw={300}
          position="bottom-start"
          events={{ hover: true, focus: true, touch: true }}
        >
          <button type="button" className={classes.status} data-tone={tone} aria-describedby={explanationId}>
            <Icon name={icon} size={17} />
            <span>{status}</span>
          </button>
        </Tooltip>
      </div>
      <span id={explanationId} hidden>
        {explanation}
      </span>
    </>
  );
}
