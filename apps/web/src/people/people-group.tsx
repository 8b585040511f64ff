import { useId } from "@mantine/hooks";
import type { ReactNode } from "react";
import type { Session } from "../session/session.js";
import { formatCount } from "./format-count.js";
import type { Face } from "./gather-faces.js";
import classes from "./people-list.module.css";
import { PersonButton, PersonRow } from "./person-row.js";
import { useVisibility } from "./use-visibility.js";

interface PeopleGroupProps {
  readonly title: string;
  readonly faces: readonly Face[];
  /** How many there are, those without a face included; undefined: nobody knows. */
  readonly count: number | undefined;
  readonly session: Session;
  onGoTo(face: Face): void;
  /** Said below them. */
  readonly children?: ReactNode;
}

const OWN_NOTES = { named: "", anonymous: "others see “Anonymous”", hidden: "others don't see you" } as const;

/** Those who edit, or those who view. */
export function PeopleGroup({ title, faces, count, session, onGoTo, children }: PeopleGroupProps) {
  const headingId = useId();
  const visibility = useVisibility(session);
  if ((count ?? faces.length) === 0) return null;
  return (
    <section className={classes.group}>
      <h3 id={headingId} className={classes.heading}>
        {title}
        {count !== undefined && ` · ${formatCount(count)}`}
      </h3>
      <ul aria-labelledby={headingId}>
        {faces.map((face) =>
          face.located ? (
            <PersonButton key={face.id} face={face} onPress={onGoTo} />
          ) : (
            <PersonRow
              key={face.id}
              face={face}
              {...(face.me && face.activity === "viewing" && { note: OWN_NOTES[visibility] })}
            />
          ),
        )}
      </ul>
      {children}
    </section>
  );
}
