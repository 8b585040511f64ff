import { Button } from "@mantine/core";
import type { Alert, DocumentHandle } from "@tutti/client";
import { Icon } from "../icons/icon.js";
import type { Session } from "../session/session.js";
import classes from "./alerts.module.css";
import type { Choice } from "./choices.js";
import { describeAlert } from "./describe-alert.js";
import { useSettling } from "./use-settling.js";

interface AlertStripProps {
  readonly document: DocumentHandle;
  readonly session: Session;
  readonly alert: Alert;
  readonly choices: readonly Choice[];
}

/** One thing to look at, and what can be done about it (L4). */
export function AlertStrip({ document, session, alert, choices }: AlertStripProps) {
  const { busy, restore, dismiss } = useSettling(document, alert, session);
  return (
    <div role="alert" className={classes.strip}>
      <Icon name="warning" size={18} />
      <p className={classes.words}>{describeAlert(alert, session.user.id)}</p>
      <span className={classes.choices}>
        {choices.includes("restore") && (
          <Button size="xs" loading={busy === "restore"} disabled={busy === "dismiss"} onClick={restore}>
            Restore
          </Button>
        )}
        {choices.includes("dismiss") && (
          <Button
            size="xs"
            variant="default"
            loading={busy === "dismiss"}
            disabled={busy === "restore"}
            onClick={dismiss}
          >
            Dismiss
          </Button>
        )}
      </span>
    </div>
  );
}
