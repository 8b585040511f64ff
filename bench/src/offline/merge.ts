import { type Keystroke, keystrokes, type Shape, textOf } from "../merge/edits.js";
import type { Running } from "../server/contestants.js";
import type { Library, Person } from "./people/person.js";

/** What was done apart. */
export interface Task {
  readonly shape: Shape;
  /** Letters of the document before. */
  readonly length: number;
  /** Edits of each of the two. */
  readonly edits: number;
  readonly seed: number;
}

/** Edits after which those who need not wait for answers let the network have its turn. */
const AT_ONCE = 100;
/** Until the servers have done what they do after a while, so that none of it falls into the merge (ms). */
const SETTLING = 3000;
/** Beyond this (ms) a merge is given up. */
const PATIENCE = 600_000;

/** What a merge took. */
export interface Merge {
  /** From the return of the network until both show the same, and the server has said that it has it all. */
  readonly milliseconds: number;
  /** Of a processor, in milliseconds: the server, and both clients together. */
  readonly server: number;
  readonly clients: number;
}

/**
 * Two people open a document; one loses the network, both edit; the network comes back.
 * @throws Error when it takes too long, or the server has something else in the end
 */
export async function mergeOffline(library: Library, running: Running, task: Task): Promise<Merge> {
  const meeting = await library.meet(running, textOf(task.length, task.seed));
  const [away, live] = [await meeting.join(), await meeting.join()];
  await away.goOffline();
  for (const keystroke of keystrokes(task.shape, task.edits, task.length, task.seed + 1)) away.type(keystroke);
  await typeOnline(live, keystrokes(task.shape, task.edits, task.length, task.seed + 2));
  const witness = await meeting.join();
  await untilEqual(witness, live);
  await witness.leave();
  await new Promise((resolve) => setTimeout(resolve, SETTLING));

  const [server, clients, started] = [await running.server.probe(), process.cpuUsage(), performance.now()];
  const equal = untilEqual(away, live);
  away.comeBack();
  await equal;
  await away.saved();
  const milliseconds = performance.now() - started;
  const { user, system } = process.cpuUsage(clients);
  const used = (await running.server.probe()).cpu - server.cpu;

  const late = await meeting.join();
  await untilEqual(late, away);
  for (const person of [away, live, late]) await person.leave();
  return { milliseconds, server: used, clients: (user + system) / 1000 };
}

/** Each edit is one of its own at the server too, as when somebody types slowly. */
async function typeOnline(live: Person, edits: readonly Keystroke[]): Promise<void> {
  for (const [count, keystroke] of edits.entries()) {
    live.type(keystroke);
    await live.saved();
    if (count % AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Resolves when both show the same text. @throws Error when they don't for long */
function untilEqual(one: Person, other: Person): Promise<void> {
  return new Promise((resolve, reject) => {
    const tooLate = setTimeout(() => reject(new Error("the two texts stay different")), PATIENCE);
    const look = (): void => {
      if (one.length !== other.length || one.text() !== other.text()) return;
      clearTimeout(tooLate);
      for (const person of [one, other]) person.changed = () => undefined;
      resolve();
    };
    for (const person of [one, other]) person.changed = look;
    look();
  });
}
