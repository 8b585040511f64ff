import { Alert, Button, Group, Text } from "@mantine/core";
import type { DocumentError, DocumentHandle } from "@tutti/client";
import { Icon } from "../icons/icon.js";
import { CopyText } from "../notices/copy-text.js";
import { describeError } from "../notices/describe-error.js";
import { setSession } from "../session/session-store.js";
import classes from "./failure-alert.module.css";

interface FailureAlertProps {
  readonly document: DocumentHandle;
  readonly failure: DocumentError;
}

/** Says that the document no longer saves, why, and gives the person their text. */
export function FailureAlert({ document, failure }: FailureAlertProps) {
  const signedOut = failure.code === "unauthenticated";
  return (
    <Alert
      className={classes.alert}
      color="red"
      icon={<Icon name="warning" />}
      title="Your changes are no longer saved"
    >
      <Text size="sm">{describeError(failure)} Your text is still here; copy it before you leave this page.</Text>
      <Group gap="xs" mt="sm">
        <CopyText text={() => document.text()} />
        <Button size="xs" variant="default" onClick={() => (signedOut ? setSession(null) : location.reload())}>
          {signedOut ? "Sign in again" : "Open it again"}
        </Button>
      </Group>
    </Alert>
  );
}
