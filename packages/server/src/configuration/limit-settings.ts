import { DEFAULT_LIMITS } from "@tutti/protocol";
import { bytes, integer } from "./kind.js";
import { settingsOfGroup } from "./setting-group.js";

const BILLION = 1_000_000_000;

/** Every limit of sizes. */
export const LIMIT_SETTINGS = settingsOfGroup(
  "limits",
  "TUTTI_LIMIT_",
  { ...DEFAULT_LIMITS },
  {
    frameBytes: { kind: bytes(1000, BILLION), meaning: "One frame from a client." },
    insertLength: { kind: integer(1, BILLION), meaning: "Text of one insert, in UTF-16 units." },
    documentLength: { kind: integer(1, BILLION), meaning: "One document, in UTF-16 units." },
    errorsPerConnection: {
      kind: integer(1, 1_000_000),
      meaning: "Refused messages of one connection after which it is closed.",
    },
    documentsPerConnection: { kind: integer(1, 1_000_000), meaning: "Documents open at once on one connection." },
    unsentBytes: {
      kind: bytes(1000, BILLION),
      meaning: "Unsent bytes of one client above which it is told nothing more until it has read; then it catches up.",
    },
  },
);
