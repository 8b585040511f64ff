import { Tooltip } from "@mantine/core";
import type { DocumentHandle } from "@tutti/client";
import { useAttendance } from "@tutti/react";
import { useState } from "react";
import { EditorsDialog } from "../attendance/editors-dialog.js";
import type { TextView } from "../editor/text-view.js";
import type { Session } from "../session/session.js";
import { type Face, nameOf } from "./gather-faces.js";
import { goToCursor } from "./go-to-cursor.js";
import classes from "./people.module.css";
import { PeopleCount } from "./people-count.js";
import { PeopleList } from "./people-list.js";
import { PeoplePopover } from "./people-popover.js";
import { PersonAvatar } from "./person-avatar.js";
import { useFaces } from "./use-faces.js";

interface PeopleBarProps {
  readonly document: DocumentHandle;
  readonly session: Session;
  /** Where the text is shown; null before it is. */
  text(): TextView | null;
}

/** Faces that have room in the header. */
const MOST = 4;

/** Who is here: some faces, and a button that opens the list of all. */
export function PeopleBar({ document, session, text }: PeopleBarProps) {
  const faces = useFaces(document, session);
  const attendance = useAttendance(document);
  const [opened, setOpened] = useState(false);
  const [naming, setNaming] = useState(false);
  const goTo = (face: Face) => goToCursor(document, face, text());
  const leaveFor = (face: Face) => {
    setOpened(false);
    goTo(face);
  };
  const press = (face: Face) => (face.located ? goTo(face) : setOpened(true));
  const whoMayEdit = () => {
    setOpened(false);
    setNaming(true);
  };
  const meFirst = [...faces].sort((a, b) => Number(b.me) - Number(a.me));
  return (
    <div className={classes.bar}>
      <ul className={classes.people} aria-label="People here">
        {meFirst.slice(0, MOST).map((face) => (
          <li key={face.id}>
            <FaceButton face={face} onPress={press} />
          </li>
        ))}
      </ul>
      <PeoplePopover
        opened={opened}
        onOpened={setOpened}
        button={
          <PeopleCount
            attendance={attendance}
            faces={faces.length}
            opened={opened}
            onPress={() => setOpened(!opened)}
          />
        }
      >
        <PeopleList document={document} session={session} faces={faces} onGoTo={leaveFor} onWhoMayEdit={whoMayEdit} />
      </PeoplePopover>
      <EditorsDialog document={document} faces={faces} opened={naming} onClose={() => setNaming(false)} />
    </div>
  );
}

function FaceButton({ face, onPress }: { face: Face; onPress(face: Face): void }) {
  const { located, name } = face;
  return (
    <Tooltip label={located ? `Go to ${name}'s cursor` : `${nameOf(face)}, ${face.activity}`}>
      <button type="button" className={classes.person} aria-label={nameOf(face)} onClick={() => onPress(face)}>
        <PersonAvatar face={face} />
      </button>
    </Tooltip>
  );
}
