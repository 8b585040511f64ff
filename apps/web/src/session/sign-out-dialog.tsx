import { Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { sendWaiting } from "../offline/send-waiting.js";
import type { Session } from "./session.js";
import { type DocumentAtStake, documentsAtStake, signOut } from "./sign-out.js";

interface SignOutDialogProps {
  readonly session: Session;
  /** Those with text that has not reached the server. */
  readonly documents: readonly DocumentAtStake[];
  onDocuments(documents: readonly DocumentAtStake[]): void;
  onClose(): void;
}

/** After so long, in milliseconds, sending is not waited for any more: there is no network, most likely. */
const LONGEST_SENDING = 10_000;

/** Signing out removes what this device keeps; where text of the person would be lost by that, they decide. */
export function SignOutDialog({ session, documents, onDocuments, onClose }: SignOutDialogProps) {
  const [sending, setSending] = useState(false);
  const [failed, setFailed] = useState(false);
  const send = async () => {
    setSending(true);
    setFailed(false);
    await Promise.race([sendWaiting(session), new Promise((resolve) => setTimeout(resolve, LONGEST_SENDING))]);
    const left = documentsAtStake(session);
    setSending(false);
    if (left.length === 0) await signOut(session);
    else {
      onDocuments(left);
      setFailed(true);
    }
  };
  return (
    <Modal
      opened={documents.length > 0}
      onClose={onClose}
      title="Some of your text is on this device only"
      size="lg"
      centered
      closeButtonProps={{ "aria-label": "Stay signed in" }}
    >
      <Stack>
        <Text size="sm">
          What you wrote in these documents has not reached the server. Signing out removes it from this device, and
          then it is gone.
        </Text>
        <List size="sm">
          {documents.map(({ id, title }) => (
            <List.Item key={id}>{title}</List.Item>
          ))}
        </List>
        {failed && (
          <Text size="sm" role="alert" c="red.9">
            It can't be sent at the moment. Open the document to see why, or try again with a network.
          </Text>
        )}
        <Group gap="xs" justify="flex-end">
          <Button variant="subtle" color="red" c="var(--tutti-bad)" onClick={() => void signOut(session)}>
            Sign out and delete it
          </Button>
          <Button variant="default" onClick={onClose}>
            Stay
          </Button>
          <Button loading={sending} onClick={() => void send()}>
            Send it, then sign out
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
