import { Button, Skeleton } from "@mantine/core";
import type { DocumentHandle } from "@tutti/client";
import { Message } from "../layout/message.js";
import { Page } from "../layout/page.js";
import { Link } from "../navigation/link.js";
import classes from "./document-view.module.css";
import { EditorHeader } from "./editor-header.js";
import { StatusLine } from "./status-line.js";
import { useStatus } from "./use-status.js";

const LINES = ["92%", "97%", "88%", "94%", "41%"];

/** The place of a document while it is still on its way. */
export function OpeningView({ document }: { document: DocumentHandle | null }) {
  return (
    <Page
      title="Opening…"
      header={
        <EditorHeader
          title={<Skeleton height={18} width={160} />}
          status={document === null ? null : <StatusLine document={document} />}
          people={null}
        />
      }
    >
      {document === null ? <Sheet /> : <SheetOrReason document={document} />}
    </Page>
  );
}

function SheetOrReason({ document }: { document: DocumentHandle }) {
  if (useStatus(document) !== "Working offline") return <Sheet />;
  return (
    <Message
      icon="offline"
      title="This document is not on this device"
      text="The server can't be reached at the moment. The document opens by itself as soon as it can."
    >
      <Button component={Link} href="/" variant="default">
        Go to your documents
      </Button>
    </Message>
  );
}

function Sheet() {
  return (
    <div className={classes.sheet} aria-busy="true">
      <Skeleton height={30} width="55%" mb={36} />
      {LINES.map((width) => (
        <Skeleton key={width} height={12} width={width} mb={18} />
      ))}
    </div>
  );
}
