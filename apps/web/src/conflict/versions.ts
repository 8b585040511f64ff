import type { Conflict } from "@tutti/client";
import type { Operation } from "@tutti/ot";
import type { Place } from "../find/find-target.js";
import { differencesIn } from "./differences.js";

/** One of the texts to choose from. */
export interface Version {
  readonly name: "mine" | "theirs" | "merged";
  readonly title: string;
  readonly content: Operation;
  /** What it has and the one beside it has not. */
  readonly differences: readonly Place[];
}

/** The texts that a conflict has: mine always, the server's and the merge where there are any. */
export function versionsOf({ mine, theirs, merged }: Conflict): readonly Version[] {
  const versions: Version[] = [
    { name: "mine", title: "Yours", content: mine, differences: theirs ? differencesIn(mine, theirs) : [] },
  ];
  if (theirs) {
    versions.push({ name: "theirs", title: "Theirs", content: theirs, differences: differencesIn(theirs, mine) });
  }
  if (merged) {
    const differences = theirs ? differencesIn(merged, theirs) : [];
    versions.push({ name: "merged", title: "Both together", content: merged, differences });
  }
  return versions;
}
