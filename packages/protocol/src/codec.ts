import { Packr } from "msgpackr/index-no-eval";
import type { Frame } from "./connection.js";
import { TuttiError } from "./errors.js";
import { type AnyKind, DOWN, type DownMessage, UP, type UpMessage } from "./messages/directions.js";

/** The WebSocket subprotocols, best first. */
export const SUBPROTOCOLS = ["tutti.v1", "tutti.v1+json"] as const;
export type Subprotocol = (typeof SUBPROTOCOLS)[number];
export type Message = UpMessage | DownMessage;

/**
 * How messages become frames and back. Decoding checks every field.
 * @throws TuttiError from `decode…`: `malformed_frame`, `unknown_message`, `invalid_message`
 */
export interface Codec {
  encode(message: Message): Frame;
  decodeUp(frame: Frame): UpMessage;
  decodeDown(frame: Frame): DownMessage;
}

type Untyped = Readonly<Record<string, unknown>>;

const packr = new Packr({ useRecords: false, variableMapSize: true });
const KINDS: readonly AnyKind[] = [...UP, ...DOWN] as unknown as readonly AnyKind[];
const BY_TYPE = new Map(KINDS.map((kind) => [kind.type, kind]));
const UP_TYPES: ReadonlySet<string> = new Set(UP.map((kind) => kind.type));

export const codecFor = (subprotocol: Subprotocol): Codec =>
  subprotocol === "tutti.v1" ? messagePackCodec : jsonCodec;

const jsonCodec = codec(
  (message) => JSON.stringify(message),
  (frame) => {
    if (typeof frame !== "string") throw new TuttiError("malformed_frame", "tutti.v1+json takes text frames");
    const message = guarded(() => JSON.parse(frame) as unknown);
    if (typeof message !== "object" || message === null || !("type" in message)) throw notAMessage();
    return message as Untyped;
  },
);

const messagePackCodec = codec(
  (message) => {
    const kind = BY_TYPE.get(message.type);
    const values = (kind?.fields ?? []).map((field) => (message as Untyped)[field] ?? null);
    while (values.length > 0 && values.at(-1) === null) values.pop();
    return packr.pack([kind?.code, ...values]);
  },
  (frame) => {
    if (typeof frame === "string") throw new TuttiError("malformed_frame", "tutti.v1 takes binary frames");
    const list = guarded(() => packr.unpack(frame) as unknown);
    if (!Array.isArray(list) || list.length === 0) throw notAMessage();
    const kind = KINDS.find((candidate) => candidate.code === list[0]);
    if (kind === undefined) throw new TuttiError("unknown_message", `no message has the code ${String(list[0])}`);
    return Object.fromEntries([["type", kind.type], ...kind.fields.map((field, index) => [field, list[index + 1]])]);
  },
);

function codec(encode: (message: Message) => Frame, decode: (frame: Frame) => Untyped): Codec {
  return {
    encode,
    decodeUp: (frame) => check(decode(frame), true) as UpMessage,
    decodeDown: (frame) => check(decode(frame), false) as DownMessage,
  };
}

function check(message: Untyped, up: boolean): Message {
  const type = message["type"];
  const kind = typeof type === "string" ? BY_TYPE.get(type) : undefined;
  if (kind === undefined || UP_TYPES.has(kind.type) !== up) {
    throw new TuttiError("unknown_message", `no message ${JSON.stringify(type)?.slice(0, 80)} in this direction`);
  }
  const problem = kind.schema.problem(message, kind.type);
  if (problem !== undefined) throw new TuttiError("invalid_message", problem);
  return message as unknown as Message;
}

function guarded(decode: () => unknown): unknown {
  try {
    return decode();
  } catch {
    throw notAMessage();
  }
}

const notAMessage = (): TuttiError => new TuttiError("malformed_frame", "the frame does not hold a message");
