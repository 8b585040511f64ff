import { VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import { Icon } from "../icons/icon.js";
import { DEVICES } from "./devices.js";
import { type Face, nameOf } from "./gather-faces.js";
import { PersonAvatar } from "./person-avatar.js";
import classes from "./person-row.module.css";

interface PersonRowProps {
  readonly face: Face;
  /** Instead of when they were last active; for oneself. */
  readonly note?: string;
  /** What can be done about them. */
  readonly children?: ReactNode;
}

/** Somebody in a list of people. */
export function PersonRow({ face, note = face.seen, children }: PersonRowProps) {
  return (
    <li className={classes.row}>
      <PersonLine face={face} note={note} />
      {children}
    </li>
  );
}

interface PersonButtonProps {
  readonly face: Face;
  onPress(face: Face): void;
}

/** Somebody in a list of people who has a cursor to go to. */
export function PersonButton({ face, onPress }: PersonButtonProps) {
  return (
    <li>
      <button type="button" className={classes.row} title={`Go to ${face.name}'s cursor`} onClick={() => onPress(face)}>
        <PersonLine face={face} note={face.seen} />
      </button>
    </li>
  );
}

function PersonLine({ face, note }: { face: Face; note: string }) {
  return (
    <>
      <PersonAvatar face={face} />
      <span className={classes.words}>
        <span className={classes.name}>{nameOf(face)}</span>
        {note !== "" && <span className={classes.note}>{note}</span>}
      </span>
      {face.devices.map((device) => (
        <span key={device} className={classes.device} title={DEVICES[device].name}>
          <Icon name={DEVICES[device].icon} size={16} />
          <VisuallyHidden>{DEVICES[device].name}</VisuallyHidden>
        </span>
      ))}
    </>
  );
}
