import { ActionIcon, Menu } from "@mantine/core";
import { type DocumentRecord, restoreDocument, trashDocument } from "../api.js";
import { Icon } from "../icons/icon.js";
import { notify } from "../notices/notice-store.js";
import { reportFailedCall } from "../notices/report-error.js";
import type { Session } from "../session/session.js";
import classes from "./home.module.css";

interface DocumentMenuProps {
  readonly document: DocumentRecord;
  readonly session: Session;
  onChanged(): void;
}

/** What the maker of a document can do with it in the list; for anybody else there is nothing. */
export function DocumentMenu({ document, session, onChanged }: DocumentMenuProps) {
  if (document.createdBy !== session.user.id) return null;
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon
          className={classes.more}
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={`More about ${document.title}`}
        >
          <Icon name="more" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<Icon name="trash" size={16} />}
          onClick={() => void moveToTrash(session, document, onChanged)}
        >
          Move to the trash
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const UNDO_LASTS = 12_000;

async function moveToTrash(session: Session, document: DocumentRecord, changed: () => void): Promise<void> {
  const { id, title } = document;
  const undo = () =>
    restoreDocument(session, id).then(changed, (reason: unknown) =>
      reportFailedCall("The document was not restored", reason),
    );
  try {
    await trashDocument(session, id);
    notify({
      title: "Moved to the trash",
      text: `“${title}” stays there for 30 days.`,
      tone: "good",
      lasts: UNDO_LASTS,
      action: { label: "Undo", run: () => void undo() },
    });
    changed();
  } catch (reason) {
    reportFailedCall("The document was not deleted", reason);
  }
}
