import type { DocumentHandle } from "@tutti/client";
import { useAttendance } from "@tutti/react";
import { useRef } from "react";
import { AskingList } from "../attendance/asking-list.js";
import { AttendanceActions } from "../attendance/attendance-actions.js";
import { describeMode } from "../attendance/describe-mode.js";
import { useKeptFocus } from "../layout/use-kept-focus.js";
import type { Session } from "../session/session.js";
import { describeUnseen } from "./describe-unseen.js";
import { countUnseen, type Face } from "./gather-faces.js";
import { PeopleGroup } from "./people-group.js";
import classes from "./people-list.module.css";
import { usePresenceAvailable } from "./use-presence-available.js";
import { VisibilityChoice } from "./visibility-choice.js";

interface PeopleListProps {
  readonly document: DocumentHandle;
  readonly session: Session;
  readonly faces: readonly Face[];
  onGoTo(face: Face): void;
  /** The owner wants to say who may edit. */
  onWhoMayEdit(): void;
}

const UNAVAILABLE = "Presence unavailable: the others can't be shown at the moment. Editing goes on as always.";

/** Everybody here: who asks, who edits, who views; and how others see the person. */
export function PeopleList({ document, session, faces, onGoTo, onWhoMayEdit }: PeopleListProps) {
  const panel = useRef<HTMLDivElement>(null);
  useKeptFocus(panel);
  const attendance = useAttendance(document);
  const available = usePresenceAvailable(document);
  const editors = faces.filter(({ activity }) => activity === "editing");
  const viewers = faces.filter(({ activity }) => activity === "viewing");
  const unseen = available ? countUnseen(faces, attendance) : 0;
  const mode = describeMode(attendance);
  return (
    // The focus starts here rather than on a button: Enter must not let anybody in by chance.
    <div ref={panel} className={classes.panel} tabIndex={-1} data-autofocus>
      {mode !== "" && <p className={classes.note}>{mode}</p>}
      {!available && <p className={classes.note}>{UNAVAILABLE}</p>}
      <div className={classes.list}>
        <AskingList document={document} asking={attendance?.asking ?? []} />
        <PeopleGroup
          title="Editing"
          faces={editors}
          count={available ? editors.length : undefined}
          session={session}
          onGoTo={onGoTo}
        />
        <PeopleGroup
          title="Viewing"
          faces={viewers}
          count={available ? viewers.length + unseen : undefined}
          session={session}
          onGoTo={onGoTo}
        >
          {unseen > 0 && viewers.length > 0 && <p className={classes.note}>{describeUnseen(unseen)}</p>}
        </PeopleGroup>
      </div>
      <div className={classes.footer}>
        <VisibilityChoice session={session} />
        <AttendanceActions document={document} attendance={attendance} onWhoMayEdit={onWhoMayEdit} />
      </div>
    </div>
  );
}
