import { Button } from "@mantine/core";
import { Link } from "../navigation/link.js";
import { Message } from "./message.js";
import { Page } from "./page.js";

/** For an address without a document behind it. */
export function NotFoundPage() {
  return (
    <Page title="Not found">
      <Message
        icon="plain"
        title="There is no document here"
        text="The link may be incomplete, or it belongs to another server. Nothing of yours was changed."
      >
        <Button component={Link} href="/">
          Go to your documents
        </Button>
      </Message>
    </Page>
  );
}
