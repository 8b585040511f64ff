import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { type Config, isLoopback } from "../config.js";
import { type ArchiveLocation, formatArchive } from "../configuration/archive-location.js";
import { unknownVariables } from "../configuration/effective.js";
import { openArchive } from "../open-archive.js";
import { storeLocation } from "../open-store.js";
import { measureCommit } from "../storage/sqlite-commit-time.js";
import { findStructuralDamage, inspectFile } from "../storage/sqlite-file.js";
import { isFolderLocked } from "../storage/sqlite-folder-lock.js";
import { roughSize } from "./size.js";
import type { Terminal } from "./terminal.js";

export interface Finding {
  readonly name: string;
  readonly state: "ok" | "warning" | "problem";
  /** What was found. */
  readonly message: string;
  /** What to do about it; only where there is something to do. */
  readonly advice?: string;
}

/** Looks at one thing. What it throws becomes a problem with its message. */
export interface Check {
  readonly name: string;
  run(config: Config, terminal: Terminal): Promise<Omit<Finding, "name">>;
}

type Result = Omit<Finding, "name">;

const ok = (message: string): Result => ({ state: "ok", message });
const warning = (message: string, advice: string): Result => ({ state: "warning", message, advice });
const problem = (message: string, advice: string): Result => ({ state: "problem", message, advice });

const OLDEST_NODE = [20, 15] as const;
const LITTLE_SPACE = 2_000_000_000;
const NO_SPACE = 200_000_000;
/** Milliseconds of a commit. Below the first, no disk can have been asked; above the second, typing feels it. */
const IMPOSSIBLE_COMMIT = 0.02;
const SLOW_COMMIT = 25;
const SOME_DAY_OF_2025 = Date.UTC(2025, 0, 1);

export const CHECKS: readonly Check[] = [
  { name: "Node", run: async () => checkNode(process.versions.node) },
  { name: "configuration", run: checkVariables },
  { name: "data folder", run: checkFolder },
  { name: "archive", run: checkArchive },
  { name: "secret", run: checkSecret },
  { name: "disk space", run: checkSpace },
  { name: "port", run: checkPort },
  { name: "database", run: checkDatabase },
  { name: "durable commit", run: checkCommit },
  { name: "clock", run: checkClock },
];

export function checkNode(version: string): Result {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const wanted = OLDEST_NODE.join(".");
  const old = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  return old ? problem(`Node ${version} is too old`, `install Node ${wanted} or newer`) : ok(`Node ${version}`);
}

async function checkVariables(_config: Config, terminal: Terminal): Promise<Result> {
  const unknown = unknownVariables(terminal.environment);
  if (unknown.length === 0) return ok("every value is valid");
  const names = unknown.map(({ variable, meant }) => (meant === undefined ? variable : `${variable} (${meant}?)`));
  return warning(`not known: ${names.join(", ")}`, "correct the spelling; `tutti config` shows what holds");
}

async function checkFolder({ data }: Config): Promise<Result> {
  if (!existsSync(data)) {
    accessSync(nearestFolder(data), constants.W_OK);
    return ok(`${data} will be made at the first start`);
  }
  accessSync(data, constants.R_OK | constants.W_OK | constants.X_OK);
  if (!opensToOthers(data)) return ok(`${data} can be written, and read by its owner only`);
  return warning(`${data} can be read by other accounts of this machine`, `chmod 700 ${data}`);
}

/** Does there what retention and reading do: puts something, gets it back, deletes it. */
async function checkArchive({ archive: location }: Config, { clock }: Terminal): Promise<Result> {
  const archive = openArchive(location);
  if (location === undefined || archive === undefined) return ok("none; old operations stay with the others");
  const name = formatArchive(location);
  if (location.kind === "folder" && !existsSync(location.folder)) {
    accessSync(nearestFolder(location.folder), constants.R_OK | constants.W_OK | constants.X_OK);
    return ok(`${name} will be made when it is needed`);
  }
  // No segment has such a key: theirs have a "/".
  const key = `doctor-${clock.now()}.probe`;
  const written = Buffer.from(key);
  await archive.put(key, written);
  const read = await archive.get(key);
  await archive.delete(key);
  if (read === undefined || Buffer.compare(read, written) !== 0) {
    return problem(`${name} does not give back what was put there`, "use other storage: retention moves nothing to it");
  }
  if (!isOpenToListeners(location)) return ok(`${name} can be written and read`);
  return warning(`${name} is reached over http: what is archived can be read on the way`, "use an https endpoint");
}

const isOpenToListeners = (location: ArchiveLocation): boolean => {
  if (location.kind === "folder") return false;
  const { protocol, hostname } = new URL(location.endpoint);
  return protocol === "http:" && !isLoopback(hostname.replace(/^\[|\]$/g, ""));
};

async function checkSecret({ data, secret }: Config): Promise<Result> {
  const file = join(data, "secret");
  if (secret !== undefined) return ok("set by TUTTI_SECRET or the config file");
  if (!existsSync(file)) return ok("will be made at the first start");
  if (!opensToOthers(file)) return ok(`${file} can be read by its owner only`);
  return problem(`${file} can be read by other accounts: they can sign in as anybody`, `chmod 600 ${file}`);
}

async function checkSpace({ data }: Config): Promise<Result> {
  const { bavail, bsize } = statfsSync(nearestFolder(data));
  const free = bavail * bsize;
  const message = `${roughSize(free)} free`;
  if (free < NO_SPACE) return problem(message, "free space now: without it no edit can be saved");
  return free < LITTLE_SPACE ? warning(message, "free space soon") : ok(message);
}

async function checkPort({ host, port, data }: Config): Promise<Result> {
  const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
  if (error === undefined) return ok(`${host} port ${port} is free`);
  if (error.code !== "EADDRINUSE") return problem(error.message, "choose another one with TUTTI_HOST and TUTTI_PORT");
  if (isFolderLocked(data)) return ok(`${host} port ${port} is taken, and a server runs on this data folder`);
  return problem(`port ${port} belongs to another program`, "stop that, or choose another one with TUTTI_PORT");
}

async function checkDatabase(config: Config, terminal: Terminal): Promise<Result> {
  const location = storeLocation(config);
  if (location.kind === "postgres") {
    const store = await terminal.openStore(location);
    await store.documents(1);
    await store.close();
    return ok("PostgreSQL answers");
  }
  const file = inspectFile(location.file);
  if (file === undefined) return ok("will be made at the first start");
  if (file.schema > file.newestSchema) {
    return problem(`schema ${file.schema} is of a newer release`, "use that release, or one after it");
  }
  const damage = findStructuralDamage(location.file);
  if (damage.length > 0)
    return problem(damage.join("; "), "`tutti verify` says which documents; restore the last backup");
  const sound = `schema ${file.schema}, ${roughSize(file.bytes)}, structure sound`;
  if (file.schema === file.newestSchema) return ok(sound);
  return warning(sound, `the next start brings it to schema ${file.newestSchema}; make a backup first`);
}

async function checkCommit({ data, databaseUrl }: Config): Promise<Result> {
  if (databaseUrl !== undefined) return ok("left to PostgreSQL: keep its fsync and synchronous_commit on");
  const time = measureCommit(nearestFolder(data), () => performance.now());
  const message = `${time.toFixed(2)} ms`;
  if (time < IMPOSSIBLE_COMMIT) {
    return warning(message, "too fast for a disk: does it keep what it confirms when the power fails?");
  }
  if (time > SLOW_COMMIT) return warning(message, "a slow disk: every edit waits for it; use a local SSD");
  return ok(message);
}

async function checkClock(config: Config, terminal: Terminal): Promise<Result> {
  const now = terminal.clock.now();
  const message = new Date(now).toISOString();
  if (now < SOME_DAY_OF_2025) return problem(message, "set the clock: tokens and times depend on it");
  const location = storeLocation(config);
  if (location.kind !== "sqlite" || inspectFile(location.file) === undefined) return ok(message);
  const written = statSync(location.file).mtimeMs;
  if (written <= now + 1000) return ok(message);
  return warning(
    `${message}, but the database was written at ${new Date(written).toISOString()}`,
    "was the clock set back?",
  );
}

/** The folder itself, or the nearest one above it that exists. */
function nearestFolder(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestFolder(dirname(folder));
}

const opensToOthers = (path: string): boolean => (statSync(path).mode & 0o077) !== 0;
