import type { DocumentHandle } from "@tutti/client";
import { useAttendance, useWritable } from "@tutti/react";
import type { ReactNode } from "react";
import { isViewing } from "../attendance/is-viewing.js";
import { PlaceStrip } from "../attendance/place-strip.js";
import type { FindTarget } from "../find/find-target.js";
import { Finder } from "../find/finder.js";
import type { FindView } from "../find/use-find-view.js";
import classes from "./editor-top.module.css";
import { ReadOnlyNote } from "./read-only-note.js";
import { UploadProgress } from "./upload-progress.js";

interface EditorTopProps {
  readonly document: DocumentHandle;
  readonly target: FindTarget;
  readonly find: FindView;
  readonly toolbar: ReactNode;
  /** What somebody should look at now; between toolbar and text. */
  readonly alerts: ReactNode;
}

/** What stays above a text while it scrolls: the toolbar, or why there is none; finding; a large paste on its way. */
export function EditorTop({ document, target, find, toolbar, alerts }: EditorTopProps) {
  const writable = useWritable(document);
  return (
    <div className={classes.top}>
      {writable ? toolbar : <WhyNoToolbar document={document} target={target} />}
      {alerts}
      <Finder document={document} target={target} view={find} />
      <UploadProgress document={document} />
    </div>
  );
}

function WhyNoToolbar({ document, target }: Pick<EditorTopProps, "document" | "target">) {
  const attendance = useAttendance(document);
  if (attendance === undefined || !isViewing(document)) return <ReadOnlyNote document={document} />;
  return <PlaceStrip document={document} attendance={attendance} onLeft={() => target.enter(undefined)} />;
}
