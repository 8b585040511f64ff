import { Button } from "@mantine/core";
import { useId } from "@mantine/hooks";
import type { Attendance, DocumentHandle } from "@tutti/client";
import { useRef } from "react";
import { useKeptFocus } from "../layout/use-kept-focus.js";
import { faceOfUser } from "../people/gather-faces.js";
import list from "../people/people-list.module.css";
import { PersonRow } from "../people/person-row.js";
import classes from "./asking-list.module.css";
import { countAsking } from "./describe-asking.js";

interface AskingListProps {
  readonly document: DocumentHandle;
  /** In order; empty for those who may not decide. */
  readonly asking: Attendance["asking"];
}

/** The first in line are enough to decide about; a crowd may have hundreds. */
const MOST = 20;

/** An answered row goes away; there is the next one to answer. */
const firstButton = (section: HTMLElement): HTMLElement | null => section.querySelector("button");

/** Who asks to edit, each with the two answers (S11). */
export function AskingList({ document, asking }: AskingListProps) {
  const headingId = useId();
  const section = useRef<HTMLElement>(null);
  useKeptFocus(section, firstButton);
  if (asking.length === 0) return null;
  return (
    <section ref={section} className={list.group} tabIndex={-1} aria-labelledby={headingId}>
      <h3 id={headingId} className={list.heading}>
        Asking to edit · {countAsking(asking)}
      </h3>
      <ul aria-labelledby={headingId}>
        {asking.slice(0, MOST).map((user) => (
          <PersonRow key={user.id} face={faceOfUser(user)}>
            <Answers name={user.name} onAnswer={(edit) => document.decide(user.id, edit)} />
          </PersonRow>
        ))}
      </ul>
      {asking.length > MOST && <p className={list.note}>The others follow as these are answered.</p>}
    </section>
  );
}

function Answers({ name, onAnswer }: { name: string; onAnswer(edit: boolean): void }) {
  return (
    <span className={classes.answers}>
      <Button size="compact-sm" aria-label={`Let ${name} in`} onClick={() => onAnswer(true)}>
        Let in
      </Button>
      <Button size="compact-sm" variant="default" aria-label={`Refuse ${name}`} onClick={() => onAnswer(false)}>
        Refuse
      </Button>
    </span>
  );
}
