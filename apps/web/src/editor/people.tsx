import { Tooltip } from "@mantine/core";
import type { DocumentHandle } from "@tutti/client";
import type { Session } from "../session/session.js";
import { gatherPeople } from "./gather-people.js";
import classes from "./people.module.css";
import { PersonAvatar } from "./person-avatar.js";
import { useOthers } from "./use-others.js";

const MOST = 5;

/** Everybody who has the document open, oneself first. */
export function People({ document, session }: { document: DocumentHandle; session: Session }) {
  const people = gatherPeople(session.user, useOthers(document));
  const rest = people.slice(MOST);
  return (
    <ul className={classes.people} aria-label="People here">
      {people.slice(0, MOST).map((person) => (
        <PersonAvatar key={person.id} person={person} />
      ))}
      {rest.length > 0 && (
        <Tooltip label={rest.map((person) => person.label).join(", ")} multiline maw={280}>
          <li className={classes.more}>
            <span aria-hidden="true">+{rest.length}</span>
            <span className={classes.hidden}>{rest.map((person) => person.label).join(", ")}</span>
          </li>
        </Tooltip>
      )}
    </ul>
  );
}
