import type { MessageKind, MessageOf } from "../message.js";
import type { Fields } from "../schema.js";
import { acknowledged } from "./acknowledged.js";
import { close } from "./close.js";
import { closed } from "./closed.js";
import { committed } from "./committed.js";
import { failed } from "./failed.js";
import { hello } from "./hello.js";
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
export const UP = [hello, open, close, submit, move, ping, report] as const;
/** What the server says. */
export const DOWN = [welcome, opened, committed, acknowledged, rejected, closed, presence, failed, pong] as const;

export type UpMessage = MessageOf<(typeof UP)[number]>;
export type DownMessage = MessageOf<(typeof DOWN)[number]>;
export type AnyKind = MessageKind<string, Fields>;
