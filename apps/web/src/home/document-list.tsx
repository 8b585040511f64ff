import { Button, Skeleton } from "@mantine/core";
import { Message } from "../layout/message.js";
import type { Session } from "../session/session.js";
import { DocumentMenu } from "./document-menu.js";
import { DocumentRow } from "./document-row.js";
import classes from "./home.module.css";
import type { Availability } from "./kept-badge.js";
import { OfflineNote } from "./offline-note.js";
import type { DocumentList as List, LoadedList } from "./use-documents.js";

interface DocumentListProps {
  readonly list: List;
  readonly session: Session;
  onReload(): void;
}

/** The documents, or why there are none to see. */
export function DocumentList({ list, session, onReload }: DocumentListProps) {
  if (list.phase === "loading") return <Loading />;
  if (list.phase === "failed") {
    return (
      <Message icon="offline" order={2} title="The list can't be loaded" text={list.reason}>
        <Button variant="default" onClick={onReload}>
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
    <>
      {list.offline && <OfflineNote onRetry={onReload} />}
      <ul className={classes.list}>
        {list.documents.map((document) => (
          <DocumentRow
            key={document.id}
            document={document}
            availability={availabilityOf(document.id, list)}
            menu={list.offline ? null : <DocumentMenu document={document} session={session} onChanged={onReload} />}
          />
        ))}
      </ul>
    </>
  );
}

function availabilityOf(id: string, { kept, waiting, offline }: LoadedList): Availability {
  if (waiting.has(id)) return "waiting";
  if (kept.has(id)) return "kept";
  return offline ? "out of reach" : "online";
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
