import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { link, readdir, readFile, rm, unlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { codeOf } from "./file-errors.js";

/**
 * Something that one process of this machine holds until it lets go or dies, `kill -9` included.
 *
 * The lock of `name` is the file `name.lock.<n>` with the highest n: it names the process, or is empty when that has let
 * go. Taking over makes number n + 1, which only one can; numbers never go back. So nobody ever removes a lock that
 * somebody else has just taken. Holds for processes that see each other: not across machines or containers.
 */
export class ProcessLock {
  readonly #file: string;
  #ended = false;

  private constructor(file: string) {
    this.#file = file;
  }

  /** @param name path of what is locked @returns undefined when a living process holds it */
  static async take(name: string): Promise<ProcessLock | undefined> {
    const numbers = await numbersOf(name);
    const newest = Math.max(0, ...numbers);
    if (newest > 0 && (await isHeld(fileOf(name, newest)))) return undefined;
    const file = fileOf(name, newest + 1);
    if (!(await createWhole(file, JSON.stringify(identityOf(process.pid))))) return undefined;
    await Promise.all(numbers.map((number) => rm(fileOf(name, number), { force: true })));
    return new ProcessLock(file);
  }

  /** Somebody else may take it. Does nothing when it can't be said any more. */
  release(): void {
    if (this.#ended) return;
    this.#ended = true;
    try {
      writeFileSync(this.#file, "");
    } catch {
      // The end of this process says the same.
    }
  }

  /** What was locked is gone. */
  async remove(): Promise<void> {
    this.#ended = true;
    await rm(this.#file, { force: true });
  }
}

/** A process, told apart from a later one with the same number by when it was started (ticks since the machine was). */
interface Identity {
  readonly pid: number;
  readonly started: string;
}

const fileOf = (name: string, number: number): string => `${name}.lock.${number}`;

async function numbersOf(name: string): Promise<readonly number[]> {
  const prefix = `${basename(name)}.lock.`;
  const files = await readdir(dirname(name));
  return files.filter((file) => file.startsWith(prefix)).map((file) => Number(file.slice(prefix.length)));
}

async function isHeld(file: string): Promise<boolean> {
  try {
    const { pid, started } = JSON.parse((await readFile(file, "utf8")) || "{}") as Partial<Identity>;
    return pid !== undefined && isAlive(pid) && identityOf(pid).started === started;
  } catch (error) {
    if (codeOf(error) === "ENOENT" || error instanceof SyntaxError) return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives, and belongs to somebody else.
    return codeOf(error) === "EPERM";
  }
}

function identityOf(pid: number): Identity {
  try {
    // The name of the program, in brackets, may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ");
    return { pid, started: fields?.[19] ?? "" };
  } catch {
    // Not on Linux: the number has to do.
    return { pid, started: "" };
  }
}

/** A file that is never seen half written. @returns false when there is one already */
async function createWhole(file: string, text: string): Promise<boolean> {
  const draft = join(dirname(file), `${randomUUID()}.draft`);
  await writeFile(draft, text);
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    await unlink(draft);
  }
}
