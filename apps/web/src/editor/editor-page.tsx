import { Button } from "@mantine/core";
import { Message } from "../layout/message.js";
import { NotFoundPage } from "../layout/not-found-page.js";
import { Page } from "../layout/page.js";
import { Link } from "../navigation/link.js";
import { codeOf, describeError } from "../notices/describe-error.js";
import type { Session } from "../session/session.js";
import { DocumentView } from "./document-view.js";
import { OpeningView } from "./opening-view.js";
import { useDocument } from "./use-document.js";

/** The page of one document, from opening it to leaving it. */
export function EditorPage({ id, session }: { id: string; session: Session }) {
  const state = useDocument(id, session);
  if (state.phase === "opening") return <OpeningView document={state.document} />;
  if (state.phase === "open") return <DocumentView document={state.document} session={session} />;
  if (codeOf(state.reason) === "not_found") return <NotFoundPage />;
  return (
    <Page title="Not opened">
      <Message icon="warning" title="This document can't be opened" text={describeError(state.reason)}>
        <Button component={Link} href="/">
          Go to your documents
        </Button>
      </Message>
    </Page>
  );
}
