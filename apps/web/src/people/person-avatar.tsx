import type { Face } from "./gather-faces.js";
import classes from "./people.module.css";

/** A disc with the initials of somebody; whatever holds it carries the name. */
export function PersonAvatar({ face: { name, colour, activity } }: { face: Face }) {
  return (
    <span className={classes.avatar} style={{ backgroundColor: colour }} data-activity={activity} aria-hidden="true">
      {initials(name)}
    </span>
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
