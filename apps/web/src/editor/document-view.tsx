import type { DocumentHandle } from "@tutti/client";
import { useConflict } from "@tutti/react";
import { lazy, Suspense, useRef, useState } from "react";
import { AlertList } from "../alerts/alert-list.js";
import { AttendanceNews } from "../attendance/attendance-news.js";
import { Page } from "../layout/page.js";
import { PeopleBar } from "../people/people-bar.js";
import type { Session } from "../session/session.js";
import { DocumentTitle } from "./document-title.js";
import { EditorHeader } from "./editor-header.js";
import { PlainEditor, RichEditor } from "./editors.js";
import { FailureAlert } from "./failure-alert.js";
import { StatusLine } from "./status-line.js";
import type { TextView } from "./text-view.js";
import { useFailure } from "./use-failure.js";
import { useLeaveWarning } from "./use-leave-warning.js";
import { useRemembered } from "./use-remembered.js";
import { useStorageNote } from "./use-storage-note.js";
import { useUnsaved } from "./use-unsaved.js";
import { useWaitingNote } from "./use-waiting-note.js";

// Nearly nobody ever needs it.
const ConflictNotice = lazy(() =>
  import("../conflict/conflict-notice.js").then((module) => ({ default: module.ConflictNotice })),
);

/** An open document with everything around it. */
export function DocumentView({ document, session }: { document: DocumentHandle; session: Session }) {
  const [title, setTitle] = useState(document.title);
  const unsaved = useUnsaved(document);
  const failure = useFailure(document);
  const conflict = useConflict(document);
  const text = useRef<TextView>(null);
  useLeaveWarning(document);
  useWaitingNote(document, session);
  useStorageNote(document);
  useRemembered(document, title, session);
  const Editor = document.kind === "rich" ? RichEditor : PlainEditor;
  const header = (
    <EditorHeader
      title={
        <DocumentTitle document={document} session={session} title={title} unsaved={unsaved} onRenamed={setTitle} />
      }
      status={<StatusLine document={document} />}
      people={<PeopleBar document={document} session={session} text={() => text.current} />}
    />
  );
  return (
    <Page title={title} header={header}>
      <AttendanceNews document={document} />
      {conflict !== undefined && (
        <Suspense>
          <ConflictNotice document={document} session={session} conflict={conflict} />
        </Suspense>
      )}
      {conflict === undefined && failure !== null && <FailureAlert document={document} failure={failure} />}
      <Suspense>
        <Editor ref={text} document={document} alerts={<AlertList document={document} session={session} />} />
      </Suspense>
    </Page>
  );
}
