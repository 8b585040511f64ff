import { DEFAULT_PRESENCE } from "../presence/defaults.js";
import { duration, integer, onOff } from "./kind.js";
import type { Setting } from "./setting.js";
import { settingsOfGroup } from "./setting-group.js";

const { enabled, ...numbers } = DEFAULT_PRESENCE;

const ENABLED: Setting<boolean> = {
  name: "presence.enabled",
  variable: "TUTTI_PRESENCE_ENABLED",
  kind: onOff(),
  default: enabled,
  meaning: "Whether people are told who else is in a document, and where.",
};

/** Everything that can be set of presence. */
export const PRESENCE_SETTINGS: readonly Setting<unknown>[] = [
  ENABLED,
  ...settingsOfGroup("presence", "TUTTI_PRESENCE_", numbers, {
    tick: {
      kind: duration(10, 10_000),
      meaning: "Time in which people who come, move and leave gather before the others are told in one message.",
    },
    moves: {
      kind: integer(1, 1000),
      meaning: "Cursor movements of one connection in one second; of more, the latest counts.",
    },
    stale: {
      kind: duration(1000, 86_400_000),
      meaning: "Somebody whose connection says nothing for so long is not shown any more, until it does.",
    },
    cleanUp: { kind: duration(100, 3_600_000), meaning: "How often those are looked for." },
    sample: {
      kind: integer(0, 10_000),
      meaning: "Of those who view a document, so many are shown; the others are only counted.",
    },
    messages: {
      kind: integer(1, 1_000_000),
      meaning:
        "Messages about people in one second to all who edit a document, and as many to all who view it; the more they are, the fewer each gets.",
    },
    restart: {
      kind: duration(1, 86_400_000),
      meaning: "When presence has failed, it starts again after so long; each time in a row twice as long.",
    },
    longestRestart: { kind: duration(1, 86_400_000), meaning: "The longest of these times." },
  }),
];
