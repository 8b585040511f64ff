import { Button, Radio, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { createDocument, type DocumentKind } from "../api.js";
import { navigate } from "../navigation/history.js";
import { documentPath } from "../navigation/route.js";
import { codeOf, describeError } from "../notices/describe-error.js";
import type { Session } from "../session/session.js";
import { setSession } from "../session/session-store.js";
import { KindCard } from "./kind-card.js";

const LONGEST_TITLE = 200;

/** Title and kind of a new document; it opens as soon as it exists. */
export function NewDocumentForm({ session }: { session: Session }) {
  const [title, setTitle] = useState("");
  const [kind, setKind] = useState<DocumentKind>("rich");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const create = async () => {
    setBusy(true);
    setError(null);
    try {
      navigate(documentPath(await createDocument(session, title.trim() || "Untitled", kind)));
    } catch (reason) {
      setError(describeError(reason));
      setBusy(false);
      if (codeOf(reason) === "unauthenticated") setSession(null);
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void create();
  };
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        <TextInput
          label="Title"
          placeholder="Untitled"
          data-autofocus
          maxLength={LONGEST_TITLE}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          error={error}
        />
        <Radio.Group label="Kind of text" value={kind} onChange={(value) => setKind(value as DocumentKind)}>
          <Stack gap="xs" mt={4}>
            <KindCard kind="rich" label="Rich text" description="Headings, lists, links: for writing." />
            <KindCard kind="plain" label="Plain text" description="Fixed width, line numbers: for code and notes." />
          </Stack>
        </Radio.Group>
        <Button type="submit" loading={busy}>
          Create
        </Button>
      </Stack>
    </form>
  );
}
