import { Tooltip } from "@mantine/core";
import type { Face } from "./gather-people.js";
import classes from "./people.module.css";

/** A disc with the initials of somebody; the name is there for screen readers and under the pointer. */
export function PersonAvatar({ person }: { person: Face }) {
  return (
    <Tooltip label={person.label}>
      <li className={classes.person} style={{ backgroundColor: person.colour }}>
        <span aria-hidden="true">{initials(person.name)}</span>
        <span className={classes.hidden}>{person.label}</span>
      </li>
    </Tooltip>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toLocaleUpperCase();
}
