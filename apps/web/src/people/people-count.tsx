import type { Attendance } from "@tutti/client";
import type { Ref } from "react";
import { countAsking, describeAsking } from "../attendance/describe-asking.js";
import { Icon } from "../icons/icon.js";
import { formatCount } from "./format-count.js";
import classes from "./people.module.css";

interface PeopleCountProps {
  readonly attendance: Attendance | undefined;
  /** Those whose name is known. */
  readonly faces: number;
  readonly opened: boolean;
  onPress(): void;
  readonly ref?: Ref<HTMLButtonElement>;
}

const MODES = { open: "", crowded: "Crowded", moderated: "Moderated" } as const;

/** How many are here, what that means for editing, and how many ask; opens the list. */
export function PeopleCount({ attendance, faces, opened, onPress, ref }: PeopleCountProps) {
  const people = Math.max(faces, attendance?.people ?? 0);
  const mode = attendance?.mode ?? "open";
  const asking = attendance?.asking ?? [];
  const words = [`Everybody here: ${formatCount(people)}`, MODES[mode], describeAsking(asking)];
  const label = words.filter((part) => part !== "").join(". ");
  return (
    <button
      {...(ref === undefined ? {} : { ref })}
      type="button"
      className={classes.count}
      data-mode={mode}
      aria-label={label}
      aria-haspopup="dialog"
      aria-expanded={opened}
      onClick={onPress}
    >
      <Icon name="people" size={17} />
      {formatCount(people)}
      {mode !== "open" && <span className={classes.mode}>{MODES[mode]}</span>}
      {asking.length > 0 && <span className={classes.asking}>{countAsking(asking)} ask</span>}
    </button>
  );
}
