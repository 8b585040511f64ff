import { Button, Title } from "@mantine/core";
import { useEffect } from "react";
import { preloadEditors } from "../editor/editors.js";
import { Icon } from "../icons/icon.js";
import { Page } from "../layout/page.js";
import { Link } from "../navigation/link.js";
import { TRASH_PATH } from "../navigation/route.js";
import type { Session } from "../session/session.js";
import { DocumentList } from "./document-list.js";
import classes from "./home.module.css";
import { HomeHeader } from "./home-header.js";
import { NewDocument } from "./new-document.js";
import { useDocuments } from "./use-documents.js";

/** All documents, newest change first. */
export function HomePage({ session }: { session: Session }) {
  const { list, reload } = useDocuments(session);
  useEffect(preloadEditors, []);
  return (
    <Page title="Documents" header={<HomeHeader session={session} />}>
      <div className={classes.column}>
        <div className={classes.top}>
          <Title order={1} size="h2">
            Documents
          </Title>
          <div className={classes.actions}>
            <Button
              component={Link}
              href={TRASH_PATH}
              variant="subtle"
              color="gray"
              aria-label="Trash"
              className={classes.trash}
            >
              <Icon name="trash" />
              <span className={classes.words}>Trash</span>
            </Button>
            <NewDocument session={session} />
          </div>
        </div>
        <DocumentList list={list} session={session} onReload={reload} />
      </div>
    </Page>
  );
}
