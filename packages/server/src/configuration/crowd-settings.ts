import { DEFAULT_CROWD } from "../attendance/defaults.js";
import { duration, integer, type Kind } from "./kind.js";
import { settingsOfGroup } from "./setting-group.js";

const MINUTE = 60_000;
const DAY = 86_400_000;

const count: Kind<number> = integer(1, 1_000_000);
const time: Kind<number> = duration(0, DAY);

/** Every number of documents that many people come to (S11). */
export const CROWD_SETTINGS = settingsOfGroup(
  "crowd",
  "TUTTI_CROWD_",
  { ...DEFAULT_CROWD },
  {
    connections: { kind: count, meaning: "Connections to one document beyond which it is crowded: newcomers view." },
    calmConnections: {
      kind: count,
      meaning: "Connections below which a crowded document calms down; it should be fewer than those above.",
    },
    calm: { kind: time, meaning: "Time for which it must have stayed that calm to be open again." },
    editors: { kind: count, meaning: "Persons who edit one document at once, unless somebody lets more of them in." },
    mostEditors: { kind: count, meaning: "Persons who edit one document at once, whoever lets them in." },
    heldPlace: { kind: time, meaning: "A place, or a turn in the line, is kept so long for somebody who is cut off." },
    askAgain: { kind: time, meaning: "Whoever was refused a place may ask again after this." },
    updates: {
      kind: duration(10, MINUTE),
      meaning: "Time between two updates to those who view a crowded document, while there is little to do.",
    },
    slowestUpdates: { kind: duration(10, MINUTE), meaning: "The same, while there is much to do." },
  },
);
