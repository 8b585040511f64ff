import { Alert, Button, Text } from "@mantine/core";
import type { Conflict, DocumentHandle } from "@tutti/client";
import { useEffect, useState } from "react";
import classes from "../editor/failure-alert.module.css";
import { Icon } from "../icons/icon.js";
import type { Session } from "../session/session.js";
import { ConflictDialog } from "./conflict-dialog.js";
import { describeConflict } from "./describe-conflict.js";

interface ConflictNoticeProps {
  readonly document: DocumentHandle;
  readonly session: Session;
  readonly conflict: Conflict;
}

/** The dialog of a conflict, and the way back to it for whoever wanted to decide later. */
export function ConflictNotice({ document, session, conflict }: ConflictNoticeProps) {
  const [opened, setOpened] = useState(true);
  // Another conflict is another question.
  useEffect(() => setOpened(conflict !== undefined), [conflict]);
  return (
    <>
      <Alert
        className={classes.alert}
        color="red"
        icon={<Icon name="warning" />}
        title={describeConflict(conflict).title}
      >
        <Text size="sm">Your text is kept. Nothing more is sent until you have decided.</Text>
        <Button size="xs" mt="sm" color="red.9" onClick={() => setOpened(true)}>
          Decide now
        </Button>
      </Alert>
      <ConflictDialog
        document={document}
        session={session}
        conflict={conflict}
        opened={opened}
        onLater={() => setOpened(false)}
      />
    </>
  );
}
