import { DEFAULT_VANDALISM } from "../vandalism/rules.js";
import { duration, integer, type Kind, text } from "./kind.js";
import type { Setting } from "./setting.js";
import { settingsOfGroup } from "./setting-group.js";

const DAY = 86_400_000;
const module: Kind<string> = text("a file that starts with ./ or /, or the name of a package");

const CONTENT_CHECK: Setting<string | undefined> = {
  name: "vandalism.contentCheck",
  variable: "TUTTI_VANDALISM_CONTENT_CHECK",
  kind: { ...module, format: (value) => value ?? "" },
  default: undefined,
  defaultText: "none: nobody looks at what people write",
  meaning: "Module that exports `createContentCheck`, which looks at what people write and flags it.",
};

/** When a deletion is worth an alert, and how content is checked. */
export const VANDALISM_SETTINGS: readonly Setting<unknown>[] = [
  ...settingsOfGroup(
    "vandalism",
    "TUTTI_VANDALISM_",
    { ...DEFAULT_VANDALISM },
    {
      length: {
        kind: integer(1, 1_000_000_000),
        meaning: "Documents shorter than this raise no alert, in UTF-16 units.",
      },
      share: {
        kind: integer(1, 100),
        meaning: "Per cent of a document; when one person deletes more, there is an alert. 100: never.",
      },
      window: { kind: duration(1000, DAY), meaning: "What one person deletes within this time counts together." },
      alertsFor: { kind: duration(60_000, 30 * DAY), meaning: "An alert that nobody settles is shown for so long." },
      checkPause: {
        kind: duration(0, 60_000),
        meaning: "What one person writes within this time is given to the content check together.",
      },
      checkTime: { kind: duration(10, 600_000), meaning: "A content check that takes longer has failed." },
      checkQueue: {
        kind: integer(1, 1_000_000),
        meaning: "Texts that wait for the content check; more are not checked.",
      },
    },
  ),
  CONTENT_CHECK,
];
