import { Skeleton } from "@mantine/core";
import type { DocumentHandle } from "@tutti/client";
import { Page } from "../layout/page.js";
import classes from "./document-view.module.css";
import { EditorHeader } from "./editor-header.js";
import { StatusLine } from "./status-line.js";

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
      <div className={classes.sheet} aria-busy="true">
        <Skeleton height={30} width="55%" mb={36} />
        {LINES.map((width) => (
          <Skeleton key={width} height={12} width={width} mb={18} />
        ))}
      </div>
    </Page>
  );
}
