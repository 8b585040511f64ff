import type { Dialect, Target } from "./dialect.js";
import { HocuspocusDialect } from "./hocuspocus.js";
import { ShareDbDialect } from "./sharedb.js";
import { TuttiDialect } from "./tutti.js";
import { YWebSocketDialect } from "./y-websocket.js";

const DIALECTS = {
  tutti: TuttiDialect,
  hocuspocus: HocuspocusDialect,
  "y-websocket": YWebSocketDialect,
  sharedb: ShareDbDialect,
} as const;
export type DialectName = keyof typeof DIALECTS;

/** @param run sets the author ids of this run apart from those of others @param number of the editor, from 0 */
export const speak = (name: DialectName, target: Target, run: string, number: number): Dialect =>
  new DIALECTS[name](target, run, number);
