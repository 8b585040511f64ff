import type { Frame } from "./connection.js";
import { TuttiError } from "./errors.js";
import { decodeMessagePack, encodeMessagePack, encodeOnce } from "./messagepack.js";
import { type Committed, committed } from "./messages/committed.js";
import { type AnyKind, DOWN, type DownMessage, UP, type UpMessage } from "./messages/directions.js";

/** The WebSocket subprotocols, best first. */
export const SUBPROTOCOLS = ["tutti.v1", "tutti.v1+json"] as const;
export type Subprotocol = (typeof SUBPROTOCOLS)[number];
export type Message = UpMessage | DownMessage;

/**
 * How messages become frames and back. Decoding checks every field and hands out nothing else: fields that this version
 * does not know are left behind, and what is left out or null in an optional field is absent.
 * @throws TuttiError from `decode…`: `malformed_frame`, `unknown_message`, `invalid_message`
 */
export interface Codec {
  encode(message: Message): Frame;
  decodeUp(frame: Frame): UpMessage;
  decodeDown(frame: Frame): DownMessage;
}

/** A message before its fields are checked. */
interface Untyped {
  readonly type: unknown;
  readonly fields: Readonly<Record<string, unknown>>;
}

const KINDS: readonly AnyKind[] = [...UP, ...DOWN] as unknown as readonly AnyKind[];
const BY_TYPE = new Map<unknown, AnyKind>(KINDS.map((kind) => [kind.type, kind]));
const BY_CODE = new Map<unknown, AnyKind>(KINDS.map((kind) => [kind.code, kind]));
const UP_TYPES: ReadonlySet<string> = new Set(UP.map((kind) => kind.type));

export const codecFor = (subprotocol: Subprotocol): Codec =>
  subprotocol === "tutti.v1" ? messagePackCodec : jsonCodec;

const jsonCodec = codec(
  (message) => JSON.stringify(message),
  (frame) => {
    if (typeof frame !== "string") throw new TuttiError("malformed_frame", "tutti.v1+json takes text frames");
    const message = parseJson(frame);
    if (typeof message !== "object" || message === null || !("type" in message)) throw notAMessage();
    return { type: message.type, fields: message as Readonly<Record<string, unknown>> };
  },
);

/** The changes of one commit go into a message for each author: they are encoded once for all of them. */
function encodeCommitted({ document, version, changes }: Committed): Frame {
  return encodeMessagePack([committed.code, document, version, changes.map(encodeOnce)]);
}

/** A whole content goes to everybody who comes: it is encoded once for all of them. */
function fieldOf(message: Message, field: string): unknown {
  const value = (message as Readonly<Record<string, unknown>>)[field];
  return field === "content" && Array.isArray(value) ? encodeOnce(value) : value;
}

const messagePackCodec = codec(
  (message) => {
    if (message.type === "committed") return encodeCommitted(message);
    const { code, fields } = kindOf(message);
    const values = fields.map((field) => fieldOf(message, field) ?? null);
    while (values.length > 0 && values.at(-1) === null) values.pop();
    return encodeMessagePack([code, ...values]);
  },
  (frame) => {
    if (typeof frame === "string") throw new TuttiError("malformed_frame", "tutti.v1 takes binary frames");
    const decoded = decodeMessagePack(frame);
    if (!Array.isArray(decoded) || decoded.length === 0) throw notAMessage();
    const list: readonly unknown[] = decoded;
    const code = list[0];
    const kind = BY_CODE.get(code);
    if (kind === undefined) throw new TuttiError("unknown_message", `no message has the code ${show(code)}`);
    const fields: Record<string, unknown> = {};
    // What is missing at the end is nil: so a trailing field that may be null comes back as null.
    for (const [index, field] of kind.fields.entries()) fields[field] = list[index + 1] ?? null;
    return { type: kind.type, fields };
  },
);

function codec(encode: (message: Message) => Frame, decode: (frame: Frame) => Untyped): Codec {
  return {
    encode,
    decodeUp: (frame) => check(decode(frame), true) as UpMessage,
    decodeDown: (frame) => check(decode(frame), false) as DownMessage,
  };
}

function check({ type, fields }: Untyped, up: boolean): Message {
  const kind = BY_TYPE.get(type);
  if (kind === undefined || UP_TYPES.has(kind.type) !== up) {
    throw new TuttiError("unknown_message", `no message ${show(type)} in this direction`);
  }
  return { type: kind.type, ...kind.schema.read(fields, kind.type) } as unknown as Message;
}

function kindOf(message: Message): AnyKind {
  const kind = BY_TYPE.get(message.type);
  if (kind === undefined) throw new TuttiError("internal", `there is no message ${show(message.type)}`);
  return kind;
}

function parseJson(frame: string): unknown {
  try {
    return JSON.parse(frame);
  } catch {
    throw notAMessage();
  }
}

/** For the text of an error: short, whatever was sent. */
const show = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? JSON.stringify(value).slice(0, 80) : typeof value;

const notAMessage = (): TuttiError => new TuttiError("malformed_frame", "the frame does not hold a message");
