import { Button, Skeleton } from "@mantine/core";
import { Message } from "../layout/message.js";
import { DocumentRow } from "./document-row.js";
import classes from "./home.module.css";
import type { DocumentList as List } from "./use-documents.js";

interface DocumentListProps {
  readonly list: List;
  onRetry(): void;
}

/** The documents, or why there are none to see. */
export function DocumentList({ list, onRetry }: DocumentListProps) {
  if (list.phase === "loading") return <Loading />;
  if (list.phase === "failed") {
    return (
      <Message icon="offline" order={2} title="The list can't be loaded" text={list.reason}>
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      </Message>
    );
  }
  if (list.documents.length === 0) {
    return (
      <Message
        icon="rich"
        order={2}
        title="No documents yet"
        text="Create the first one, send its link to somebody, and write in it together."
      />
    );
  }
  return (
    <ul className={classes.list}>
      {list.documents.map((document) => (
        <DocumentRow key={document.id} document={document} />
      ))}
    </ul>
  );
}

function Loading() {
  return (
    <div className={classes.list} aria-busy="true">
      {["first", "second", "third"].map((row) => (
        <div key={row} className={classes.loading}>
          <Skeleton height={40} width={40} radius="md" />
          <div>
            <Skeleton height={14} width="40%" />
            <Skeleton height={10} mt={10} width="25%" />
          </div>
        </div>
      ))}
    </div>
  );
}
