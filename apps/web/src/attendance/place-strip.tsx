import { Button } from "@mantine/core";
import type { Attendance, DocumentHandle } from "@tutti/client";
import { type RefObject, useLayoutEffect, useRef } from "react";
import { useUnsaved } from "../editor/use-unsaved.js";
import { Icon } from "../icons/icon.js";
import { describePlace } from "./describe-place.js";
import classes from "./place-strip.module.css";

interface PlaceStripProps {
  readonly document: DocumentHandle;
  readonly attendance: Attendance;
  /** Gives the text the focus, where it was on the button when the place came. */
  onLeft(): void;
}

/** In the place of the toolbar while somebody only views: why, and how they get to edit (S11). */
export function PlaceStrip({ document, attendance, onLeft }: PlaceStripProps) {
  const strip = useRef<HTMLDivElement>(null);
  const unsaved = useUnsaved(document);
  const { text, more, action } = describePlace(attendance, unsaved);
  useFocusKept(strip, onLeft);
  const press = () => (action === "ask" ? document.askToEdit() : document.stopEditing());
  return (
    <section ref={strip} className={classes.strip} aria-label="Your place">
      <Icon name={action === "ask" ? "eye" : "hand"} size={18} />
      <p className={classes.words}>
        <span className={classes.text}>{text}</span>
        {more !== undefined && <span className={classes.more}>{more}</span>}
      </p>
      <Button size="xs" variant={action === "ask" ? "filled" : "default"} onClick={press}>
        {action === "ask" ? "Ask to edit" : "Withdraw"}
      </Button>
    </section>
  );
}

/** Whoever waits with the focus on a button that goes away would lose their place on the page. */
function useFocusKept(element: RefObject<HTMLElement | null>, onLeft: () => void): void {
  const latest = useRef(onLeft);
  latest.current = onLeft;
  useLayoutEffect(() => {
    const watched = element.current;
    return () => {
      if (watched?.contains(window.document.activeElement)) queueMicrotask(() => latest.current());
    };
  }, [element]);
}
