import fc from "fast-check";
import { ERROR_CODES, type Message } from "../src/index.js";

/** Text that UTF-8 can hold. */
const text = (longest: number) =>
  fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
    .map((s) => s.slice(0, longest))
    .filter(isWhole);
const id = text(64);
const natural = (minimum: number) =>
  fc.oneof(
    fc.integer({ min: minimum, max: minimum + 300 }),
    fc.integer({ min: minimum, max: Number.MAX_SAFE_INTEGER }),
  );

function isWhole(value: string): boolean {
  return !/\p{Surrogate}/u.test(value) && value.length > 0;
}

const user = fc.record({ id, name: text(80) });
const cursor = fc.record({ anchor: natural(0), head: natural(0), version: natural(0) });
const error = fc.record(
  {
    code: fc.constantFrom(...ERROR_CODES),
    message: text(2000),
    retry: fc.boolean(),
    retryAfter: natural(0),
  },
  { requiredKeys: ["code", "message", "retry"] },
);
const json = fc
  .jsonValue({ maxDepth: 3, stringUnit: "grapheme" })
  .map((value) => JSON.parse(JSON.stringify(value)) as never);
const attributes = fc.dictionary(fc.constantFrom("bold", "link", "__proto__", "constructor"), json, {
  minKeys: 1,
  maxKeys: 3,
});
const operation = fc.array(
  fc.oneof(
    fc.record({ insert: text(100), attributes, continues: fc.constant(true as const) }, { requiredKeys: ["insert"] }),
    fc.record({ retain: natural(1), attributes }, { requiredKeys: ["retain"] }),
    fc.record({ delete: natural(1) }),
  ),
  { maxLength: 5 },
);
const change = fc.record(
  { client: id, sequence: natural(1), user: id, operation, checksum: natural(0), versions: natural(1) },
  { requiredKeys: ["client", "sequence", "user", "checksum"] },
);
const visibility = fc.constantFrom("named" as const, "anonymous" as const, "hidden" as const);
const device = fc.constantFrom("computer" as const, "tablet" as const, "phone" as const, "program" as const);
const activity = fc.constantFrom("editing" as const, "viewing" as const);
const presenceEntry = fc.record(
  {
    client: id,
    user,
    cursor: fc.option(cursor),
    gone: fc.boolean(),
    number: natural(0),
    activity,
    active: natural(0),
    device,
    colour: natural(0),
  },
  { requiredKeys: ["client", "user", "cursor"] },
);
const presence = fc.array(presenceEntry, { maxLength: 3 });
const changes = fc.array(change, { maxLength: 4 });

type Of<T extends Message["type"]> = Omit<Extract<Message, { type: T }>, "type">;

/** Every message there is: a new one does not compile without its generator. */
export const MESSAGES: { readonly [T in Message["type"]]: fc.Arbitrary<Of<T>> } = {
  hello: fc.record({ token: text(8192) }),
  open: fc.record(
    {
      document: id,
      client: id,
      version: natural(0),
      pieces: fc.boolean(),
      content: fc.boolean(),
      attendance: fc.boolean(),
      visibility,
      device,
    },
    { requiredKeys: ["document", "client"] },
  ),
  close: fc.record({ document: id }),
  submit: fc.record({ document: id, sequence: natural(1), version: natural(0), operation }),
  move: fc.record(
    { document: id, cursor: fc.option(cursor), activity, visibility },
    { requiredKeys: ["document", "cursor"] },
  ),
  ask: fc.record({ document: id, wish: fc.constantFrom("edit", "view") }),
  decide: fc.record({ document: id, user: id, edit: fc.boolean() }),
  moderate: fc.record({ document: id, moderated: fc.boolean() }),
  attendance: fc.record(
    {
      document: id,
      mode: fc.constantFrom("open", "crowded", "moderated"),
      place: fc.constantFrom("editing", "viewing", "asking"),
      people: natural(0),
      editors: natural(0),
      places: natural(0),
      line: natural(1),
      refused: fc.boolean(),
      updates: natural(1),
      asking: fc.array(user, { maxLength: 3 }),
      named: fc.array(user, { maxLength: 3 }),
    },
    { requiredKeys: ["document", "mode", "place", "people", "editors", "places"] },
  ),
  alert: fc.record(
    {
      document: id,
      version: natural(1),
      kind: fc.constantFrom("mass_deletion", "flagged"),
      user,
      removed: natural(0),
      length: natural(0),
      reason: text(200),
      settled: fc.boolean(),
    },
    { requiredKeys: ["document", "version", "kind", "user"] },
  ),
  ping: fc.constant({}),
  report: fc.record({
    document: id,
    client: id,
    version: natural(0),
    expected: natural(0),
    actual: natural(0),
    details: text(4000),
  }),
  welcome: fc.record(
    {
      user,
      limits: fc.record({ frameBytes: natural(1), insertLength: natural(1), documentLength: natural(1) }),
      heartbeat: natural(1),
      expiresIn: natural(0),
    },
    { requiredKeys: ["user", "limits", "heartbeat"] },
  ),
  opened: fc.record(
    {
      document: id,
      version: natural(0),
      checksum: natural(0),
      sequence: natural(0),
      kind: fc.constantFrom("rich", "plain"),
      title: text(200),
      content: operation,
      changes,
      presence,
      identicalInserts: fc.constantFrom("merge", "keep"),
      part: fc.record({ from: natural(0), length: natural(0) }),
      role: fc.constantFrom("viewer", "commenter", "editor", "owner"),
      place: fc.constantFrom("editing", "viewing"),
    },
    { requiredKeys: ["document", "version", "checksum", "sequence", "kind", "title", "presence"] },
  ),
  committed: fc.record({ document: id, version: natural(1), changes }),
  acknowledged: fc.record({ document: id, sequence: natural(1), version: natural(1) }),
  rejected: fc.record({ document: id, sequence: natural(1), error }),
  closed: fc.record({ document: id, error }),
  presence: fc.record(
    {
      document: id,
      entries: presence,
      moved: fc.record({ version: natural(0), cursors: fc.array(natural(0), { maxLength: 6 }) }),
      all: fc.boolean(),
      available: fc.boolean(),
    },
    { requiredKeys: ["document", "entries"] },
  ),
  failed: fc.record({ error, document: id }, { requiredKeys: ["error"] }),
  pong: fc.constant({}),
};

export const message: fc.Arbitrary<Message> = fc.oneof(
  ...Object.entries(MESSAGES).map(([type, fields]) =>
    (fields as fc.Arbitrary<object>).map((value) => ({ type, ...value }) as Message),
  ),
);

const SEED = Number(process.env["TUTTI_SEED"] ?? Date.now() % 0x7fff_ffff);
const RUNS = Number(process.env["TUTTI_PROPERTY_RUNS"] ?? 1_000);

/** Checks a property; a failure prints seed, path and the smallest case. */
export function holds<T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => void, share = 1): void {
  const property = fc.property(arbitrary, (value) => {
    check(value);
  });
  fc.assert(property, { numRuns: Math.ceil(RUNS * share), seed: SEED });
}
