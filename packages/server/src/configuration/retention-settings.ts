import { RETENTION_RULES } from "../retention/rules.js";
import { duration, integer, type Kind } from "./kind.js";
import { settingsOfGroup } from "./setting-group.js";

const time: Kind<number> = duration(60_000, 100 * 365 * 86_400_000);
const count: Kind<number> = integer(1, 1_000_000_000);

/** Every rule of retention. */
export const RETENTION_SETTINGS = settingsOfGroup(
  "retention",
  "TUTTI_RETENTION_",
  { ...RETENTION_RULES },
  {
    dailySnapshots: { kind: time, meaning: "Of snapshots younger than this, the last one of each day is kept." },
    monthlySnapshots: {
      kind: time,
      meaning: "Of snapshots younger than this, the last one of each month is kept; of older ones, that of each year.",
    },
    unusedChunks: { kind: time, meaning: "A part of snapshots that none names is deleted when it is older than this." },
    mostRows: { kind: count, meaning: "So many operations of a document stand alone before older ones are packed." },
    mostRowsAtRest: { kind: count, meaning: "The same for documents that nobody works on." },
    keptRows: { kind: count, meaning: "So many of the newest operations of a document are never packed." },
    longestSegment: { kind: count, meaning: "So many operations are packed together at most." },
    archiveAfter: { kind: time, meaning: "Packed operations that are all older than this move to the archive." },
    trashFor: { kind: time, meaning: "A document leaves the trash for good after this." },
  },
);
