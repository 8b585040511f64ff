import { Title } from "@mantine/core";
import { Page } from "../layout/page.js";
import type { Session } from "../session/session.js";
import { DocumentList } from "./document-list.js";
import classes from "./home.module.css";
import { HomeHeader } from "./home-header.js";
import { NewDocument } from "./new-document.js";
import { useDocuments } from "./use-documents.js";

/** All documents, newest change first. */
export function HomePage({ session }: { session: Session }) {
  const { list, reload } = useDocuments(session);
  return (
    <Page title="Documents" header={<HomeHeader session={session} />}>
      <div className={classes.column}>
        <div className={classes.top}>
          <Title order={1} size="h2">
            Documents
          </Title>
          <NewDocument session={session} />
        </div>
        <DocumentList list={list} onRetry={reload} />
      </div>
    </Page>
  );
}
