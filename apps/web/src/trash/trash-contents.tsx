import { Button } from "@mantine/core";
import type { DocumentRecord } from "../api.js";
import { describeTime } from "../home/describe-time.js";
import classes from "../home/home.module.css";
import { Icon } from "../icons/icon.js";
import { Message } from "../layout/message.js";
import type { TrashList } from "./use-trash.js";

interface TrashContentsProps {
  readonly list: TrashList;
  onRetry(): void;
  onRestore(document: DocumentRecord): void;
}

/** The documents in the trash, or why there are none to see. */
export function TrashContents({ list, onRetry, onRestore }: TrashContentsProps) {
  if (list.phase === "loading") return null;
  if (list.phase === "failed") {
    return (
      <Message icon="offline" order={2} title="The trash can't be loaded" text={list.reason}>
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      </Message>
    );
  }
  if (list.documents.length === 0) {
    const text = "Documents that you throw away stay here for 30 days. Then they are deleted for ever.";
    return <Message icon="trash" order={2} title="The trash is empty" text={text} />;
  }
  return (
    <ul className={classes.list}>
      {list.documents.map((document) => (
        <Row key={document.id} document={document} onRestore={() => onRestore(document)} />
      ))}
    </ul>
  );
}

function Row({ document, onRestore }: { document: DocumentRecord; onRestore: () => void }) {
  const { kind, title, trashedAt, updatedAt } = document;
  return (
    <li className={classes.row}>
      <span className={classes.kind} data-kind={kind}>
        <Icon name={kind} size={22} />
      </span>
      <div className={classes.what}>
        <span className={classes.title}>{title === "" ? "Untitled" : title}</span>
        <p className={classes.detail}>thrown away {describeTime(trashedAt ?? updatedAt, Date.now())}</p>
      </div>
      <Button size="xs" variant="default" className={classes.more} onClick={onRestore}>
        Restore
      </Button>
    </li>
  );
}
