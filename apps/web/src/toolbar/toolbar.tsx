import { type FocusEvent, type KeyboardEvent, type ReactNode, useState } from "react";
import classes from "./toolbar.module.css";
import { ToolbarStop } from "./toolbar-stop.js";

interface ToolbarProps {
  readonly label: string;
  /** The label of the button that Tab reaches at first. */
  readonly first: string;
  readonly children: ReactNode;
}

/** A row of buttons that is one stop of the Tab key; arrow keys, Home and End move inside. */
export function Toolbar({ label, first, children }: ToolbarProps) {
  const [stop, setStop] = useState(first);
  const onFocus = (event: FocusEvent) => {
    const focused = event.target.getAttribute("data-toolbar-button");
    if (focused !== null) setStop(focused);
  };
  return (
    <div className={classes.bar}>
      <div role="toolbar" aria-label={label} className={classes.buttons} onFocus={onFocus} onKeyDown={moveFocus}>
        <ToolbarStop value={stop}>{children}</ToolbarStop>
      </div>
    </div>
  );
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-toolbar-button]")];
  const current = buttons.indexOf(event.target as HTMLElement);
  const next = current === -1 ? undefined : nextIndex(event.key, current, buttons.length);
  if (next === undefined) return;
  event.preventDefault();
  buttons[next]?.focus();
}

function nextIndex(key: string, current: number, count: number): number | undefined {
  if (key === "ArrowRight") return (current + 1) % count;
  if (key === "ArrowLeft") return (current + count - 1) % count;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : undefined;
}
