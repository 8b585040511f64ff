import { Button } from "@mantine/core";
import { useId } from "@mantine/hooks";
import type { Attendance, DocumentHandle } from "@tutti/client";
import { type RefObject, useLayoutEffect, useRef } from "react";
import { formatCount } from "../people/format-count.js";
import { faceOfUser } from "../people/gather-faces.js";
import list from "../people/people-list.module.css";
import { PersonRow } from "../people/person-row.js";
import classes from "./asking-list.module.css";

interface AskingListProps {
  readonly document: DocumentHandle;
  /** In order; empty for those who may not decide. */
  readonly asking: Attendance["asking"];
}

/** The first in line are enough to decide about; a crowd may have hundreds. */
const MOST = 20;

/** Who asks to edit, each with the two answers (S11). */
export function AskingList({ document, asking }: AskingListProps) {
  const headingId = useId();
  const section = useRef<HTMLElement>(null);
  useFocusInside(section, asking.length);
  if (asking.length === 0) return null;
  return (
    <section ref={section} className={list.group} tabIndex={-1} aria-labelledby={headingId}>
      <h3 id={headingId} className={list.heading}>
        Asking to edit · {formatCount(asking.length)}
      </h3>
      <ul aria-labelledby={headingId}>
        {asking.slice(0, MOST).map((user) => (
          <PersonRow key={user.id} face={faceOfUser(user)}>
            <Answers name={user.name} onAnswer={(edit) => document.decide(user.id, edit)} />
          </PersonRow>
        ))}
      </ul>
      {asking.length > MOST && <p className={list.note}>and {formatCount(asking.length - MOST)} more ask</p>}
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

/**
 * An answered row goes away, and the focus with it: it goes on to the next one, or to what holds the list, so that nobody
 * has to look for it.
 */
function useFocusInside(section: RefObject<HTMLElement | null>, count: number): void {
  const home = useRef<HTMLElement | null>(null);
  useLayoutEffect(() => {
    const lost = window.document.activeElement === window.document.body;
    if (lost && home.current !== null) (count > 0 ? section.current?.querySelector("button") : home.current)?.focus();
    const note = () => {
      const inside = section.current?.contains(window.document.activeElement) === true;
      home.current = inside ? (section.current?.parentElement?.closest<HTMLElement>("[tabindex]") ?? null) : null;
    };
    window.document.addEventListener("focusin", note);
    return () => window.document.removeEventListener("focusin", note);
  }, [section, count]);
}
