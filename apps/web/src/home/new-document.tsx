import { Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Icon } from "../icons/icon.js";
import type { Session } from "../session/session.js";
import { NewDocumentForm } from "./new-document-form.js";

/** The button that asks for title and kind of a new document. */
export function NewDocument({ session }: { session: Session }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button leftSection={<Icon name="plus" />} aria-haspopup="dialog" onClick={open}>
        New document
      </Button>
      <Modal opened={opened} onClose={close} title="New document" centered closeButtonProps={{ "aria-label": "Close" }}>
        <NewDocumentForm session={session} />
      </Modal>
    </>
  );
}
