import { ActionIcon, Title } from "@mantine/core";
import classes from "../home/home.module.css";
import { HomeHeader } from "../home/home-header.js";
import { Icon } from "../icons/icon.js";
import { Page } from "../layout/page.js";
import { Link } from "../navigation/link.js";
import type { Session } from "../session/session.js";
import { TrashContents } from "./trash-contents.js";
import { useTrash } from "./use-trash.js";

/** What the person threw away, newest first. */
export function TrashPage({ session }: { session: Session }) {
  const { list, reload, restore } = useTrash(session);
  return (
    <Page title="Trash" header={<HomeHeader session={session} />}>
      <div className={classes.column}>
        <div className={classes.top}>
          <div className={classes.actions}>
            <ActionIcon component={Link} href="/" variant="subtle" color="gray" size="lg" aria-label="All documents">
              <Icon name="back" />
            </ActionIcon>
            <Title order={1} size="h2">
              Trash
            </Title>
          </div>
        </div>
        <TrashContents list={list} onRetry={reload} onRestore={(document) => void restore(document)} />
      </div>
    </Page>
  );
}
