import { SegmentedControl } from "@mantine/core";
import { useId } from "@mantine/hooks";
import type { Visibility } from "@tutti/client";
import type { Session } from "../session/session.js";
import classes from "./people-list.module.css";
import { useVisibility } from "./use-visibility.js";
import { rememberVisibility } from "./visibility-store.js";

const CHOICES: readonly { readonly value: Visibility; readonly label: string }[] = [
  { value: "named", label: "By name" },
  { value: "anonymous", label: "Anonymous" },
  { value: "hidden", label: "Hidden" },
];
const MEANINGS: Readonly<Record<Visibility, string>> = {
  named: "Others see your name, your device, and when you were last active.",
  anonymous: "Others see that somebody is viewing, but not who.",
  hidden: "Others don't see you in this list. You only add to the number of people.",
};

/** How others see the person while they view (P5). */
export function VisibilityChoice({ session }: { session: Session }) {
  const visibility = useVisibility(session);
  const labelId = useId();
  const meaningId = useId();
  return (
    <div className={classes.visibility}>
      <span id={labelId} className={classes.heading}>
        When you only view
      </span>
      <SegmentedControl
        fullWidth
        size="xs"
        withItemsBorders={false}
        aria-labelledby={labelId}
        aria-describedby={meaningId}
        value={visibility}
        data={[...CHOICES]}
        onChange={(value) => rememberVisibility(session, value as Visibility)}
      />
      <p id={meaningId} className={classes.note} aria-live="polite">
        {MEANINGS[visibility]} While you edit, others always see your name.
      </p>
    </div>
  );
}
