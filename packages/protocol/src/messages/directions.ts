import type { MessageKind, MessageOf } from "../message.js";
import type { Fields } from "../schema.js";
import { acknowledged } from "./acknowledged.js";
import { alert } from "./alert.js";
import { ask } from "./ask.js";
import { attendance } from "./attendance.js";
import { close } from "./close.js";
import { closed } from "./closed.js";
import { committed } from "./committed.js";
import { decide } from "./decide.js";
import { failed } from "./failed.js";
import { hello } from "./hello.js";
import { moderate } from "./moderate.js";
import { move } from "./move.js";
import { open } from "./open.js";
import { opened } from "./opened.js";
import { ping } from "./ping.js";
import { pong } from "./pong.js";
import { presence } from "./presence.js";
import { rejected } from "./rejected.js";
import { report } from "./report.js";
import { submit } from "./submit.js";
import { welcome } from "./welcome.js";

/** What clients say. */
export const UP = [hello, open, close, submit, move, ping, report, ask, decide, moderate] as const;
/** What the server says. */
export const DOWN = [
  welcome,
  opened,
  committed,
  acknowledged,
  rejected,
  closed,
  presence,
  failed,
  pong,
  attendance,
  alert,
] as const;

export type UpMessage = MessageOf<(typeof UP)[number]>;
export type DownMessage = MessageOf<(typeof DOWN)[number]>;
export type AnyKind = MessageKind<string, Fields>;
