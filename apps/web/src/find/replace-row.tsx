import { Button } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import { reportError } from "../notices/report-error.js";
import classes from "./find-bar.module.css";
import type { Finding } from "./use-find.js";

/** What the matches become: one of them, or all at once. */
export function ReplaceRow({ finding }: { finding: Finding }) {
  const [replacement, setReplacement] = useState("");
  const [done, setDone] = useState("");
  const nothing = finding.found.length === 0;
  const attempt = (act: () => void) => {
    try {
      act();
    } catch (reason) {
      reportError("Nothing was replaced", reason);
    }
  };
  const replaceOne = () => attempt(() => finding.replace(replacement));
  const replaceAll = () =>
    attempt(() => setDone(`${finding.replaceAll(replacement).toLocaleString("en-GB")} replaced`));
  const onEnter = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    replaceOne();
  };
  return (
    <div className={classes.row}>
      <input
        className={classes.field}
        aria-label="Replace with"
        placeholder="Replace with"
        spellCheck={false}
        value={replacement}
        onChange={(event) => setReplacement(event.currentTarget.value)}
        onKeyDown={onEnter}
      />
      <Button size="compact-sm" variant="default" disabled={nothing} onClick={replaceOne}>
        Replace
      </Button>
      <Button size="compact-sm" variant="default" disabled={nothing} onClick={replaceAll}>
        Replace all
      </Button>
      <span role="status" className={classes.count}>
        {done}
      </span>
    </div>
  );
}
