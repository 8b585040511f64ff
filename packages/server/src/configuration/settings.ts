import { isArchive, isEndpoint } from "./archive-location.js";
import { CROWD_SETTINGS } from "./crowd-settings.js";
import { duration, integer, type Kind, matching, onOff, text } from "./kind.js";
import { LIMIT_SETTINGS } from "./limit-settings.js";
import { PRESENCE_SETTINGS } from "./presence-settings.js";
import { PROTECTION_SETTINGS } from "./protection-settings.js";
import { RETENTION_SETTINGS } from "./retention-settings.js";
import type { Setting } from "./setting.js";
import { VANDALISM_SETTINGS } from "./vandalism-settings.js";

/** A setting of the table keeps its own type. */
const setting = <T>(definition: Setting<T>): Setting<T> => definition;
/** A setting that may be left unset. */
const optional = <T>(kind: Kind<T>): Kind<T | undefined> => ({
  expected: kind.expected,
  parse: (raw) => kind.parse(raw),
  format: (value) => (value === undefined ? "" : kind.format(value)),
});

const SHORTEST_SECRET = 32;
const HIDDEN = "***";

/** What the server needs to know to start and to stop. docs/configuration.md is made from this table. */
const SERVER_SETTINGS = {
  host: setting({
    name: "host",
    variable: "TUTTI_HOST",
    flag: { name: "host", value: "<address>" },
    kind: text("an address of this machine"),
    default: "127.0.0.1",
    meaning: "Address to listen on; guests may sign in only on a loopback address.",
  }),
  port: setting({
    name: "port",
    variable: "TUTTI_PORT",
    flag: { name: "port", value: "<number>" },
    kind: { ...integer(0, 65_535), format: String },
    default: 4400,
    meaning: "Port to listen on; 0 takes a free one.",
  }),
  data: setting({
    name: "data",
    variable: "TUTTI_DATA",
    flag: { name: "data", value: "<folder>" },
    kind: text("a folder"),
    default: "data",
    meaning: "Folder that holds everything; made when missing.",
  }),
  secret: setting({
    name: "secret",
    variable: "TUTTI_SECRET",
    kind: optional(text(`at least ${SHORTEST_SECRET} characters`, SHORTEST_SECRET)),
    default: undefined,
    defaultText: "made at the first start, kept in the data folder",
    mask: () => HIDDEN,
    meaning: "Shared secret that signs the tokens; change it and everybody has to sign in again.",
  }),
  databaseUrl: setting({
    name: "databaseUrl",
    variable: "TUTTI_DATABASE_URL",
    kind: optional(matching("an address like postgres://user:password@host/database", isPostgresAddress)),
    default: undefined,
    defaultText: "SQLite in the data folder",
    mask: (value) => (value === undefined ? "" : maskPassword(value)),
    meaning: "PostgreSQL database that holds the documents instead of the data folder.",
  }),
  databaseConnections: setting({
    name: "databaseConnections",
    variable: "TUTTI_DATABASE_CONNECTIONS",
    kind: integer(1, 1000),
    default: 8,
    meaning: "Most connections to PostgreSQL for everything but appends, which have one of their own.",
  }),
  databaseTimeout: setting({
    name: "databaseTimeout",
    variable: "TUTTI_DATABASE_TIMEOUT",
    kind: duration(100, 3_600_000),
    default: 15_000,
    meaning: "Time that one statement of PostgreSQL may take; changes of the schema may take an hour.",
  }),
  drain: setting({
    name: "drain",
    variable: "TUTTI_DRAIN",
    kind: duration(0, 3_600_000),
    default: 60_000,
    meaning:
      "When the server stops: the longest time over which clients are told to come back, and to wait for storage.",
  }),
  idle: setting({
    name: "idle",
    variable: "TUTTI_IDLE",
    kind: duration(0, 86_400_000),
    default: 300_000,
    meaning: "A connection on which nothing happens for so long is closed until its owner does something; 0: never.",
  }),
  archive: setting({
    name: "archive",
    variable: "TUTTI_ARCHIVE",
    kind: optional(matching("a folder, or s3://bucket/prefix", isArchive)),
    default: undefined,
    defaultText: "none: old operations stay with the others",
    meaning: "Where old packed operations move: a folder, on a slower and cheaper disk for example, or a bucket.",
  }),
  archiveEndpoint: setting({
    name: "archiveEndpoint",
    variable: "TUTTI_ARCHIVE_ENDPOINT",
    kind: optional(matching("an address like https://storage.example.org, without bucket and keys", isEndpoint)),
    default: undefined,
    defaultText: "that of AWS in this region",
    meaning: "Address of the object storage that has the bucket.",
  }),
  archiveRegion: setting({
    name: "archiveRegion",
    variable: "TUTTI_ARCHIVE_REGION",
    kind: matching("the name of a region, such as eu-central-1", (name) => /^[a-z0-9-]+$/.test(name)),
    default: "us-east-1",
    meaning: "Region of the bucket.",
  }),
  archiveAccessKey: setting({
    name: "archiveAccessKey",
    variable: "TUTTI_ARCHIVE_ACCESS_KEY",
    kind: optional(text("the id of an access key")),
    default: undefined,
    defaultText: "none; a bucket needs one",
    meaning: "Id of the key that may put, get and delete objects in the bucket.",
  }),
  archiveSecretKey: setting({
    name: "archiveSecretKey",
    variable: "TUTTI_ARCHIVE_SECRET_KEY",
    kind: optional(text("the secret of an access key")),
    default: undefined,
    defaultText: "none; a bucket needs one",
    mask: () => HIDDEN,
    meaning: "The secret that belongs to it.",
  }),
  compactEvery: setting({
    name: "compactEvery",
    variable: "TUTTI_COMPACT_EVERY",
    kind: duration(0, 30 * 86_400_000),
    default: 86_400_000,
    meaning: "How often the server does what `tutti compact` does; 0: never.",
  }),
  rateLimits: setting({
    name: "rateLimits",
    variable: "TUTTI_LIMITS",
    kind: onOff(),
    default: true,
    meaning: "Whether rate limits, quotas and suspensions are enforced; off is for benchmarks.",
  }),
} as const;

/** Every setting there is, in the order in which people read them. */
export const SETTINGS: readonly Setting<unknown>[] = [
  ...Object.values(SERVER_SETTINGS),
  ...LIMIT_SETTINGS,
  ...PROTECTION_SETTINGS,
  ...CROWD_SETTINGS,
  ...RETENTION_SETTINGS,
  ...PRESENCE_SETTINGS,
  ...VANDALISM_SETTINGS,
];

type ServerSettings = typeof SERVER_SETTINGS;
/** The values of the settings that have a name of their own. */
export type ServerValues = {
  readonly [K in keyof ServerSettings]: ServerSettings[K] extends Setting<infer T> ? T : never;
};

function isPostgresAddress(address: string): boolean {
  return /^postgres(ql)?:$/.test(URL.canParse(address) ? new URL(address).protocol : "");
}

/** The address without what must not be shown; the parameters may hold a password too. */
function maskPassword(address: string): string {
  const url = new URL(address);
  if (url.password !== "") url.password = HIDDEN;
  for (const name of [...url.searchParams.keys()]) if (/pass/i.test(name)) url.searchParams.set(name, HIDDEN);
  return url.href;
}
