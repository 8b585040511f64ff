/**
 * What client and server need of the outside world. Only the outermost edge makes real ones; everything inside takes
 * these, so that whole systems run under one seed in the simulator.
 */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `task` once, `delay` milliseconds from now, unless the returned function is called before. */
  schedule(delay: number, task: () => void): Cancel;
}
export type Cancel = () => void;

/** Longest time of one `schedule`, in milliseconds: timers of platforms overflow at 25 days, and stand still in a sleeping machine. */
const LONGEST_WAIT = 3_600_000;

/** Runs `task` once, when the clock says `time` (milliseconds since 1970) or later, however far away that is. */
export function scheduleAt(clock: Clock, time: number, task: () => void): Cancel {
  let cancel: Cancel = () => undefined;
  const look = (): void => {
    const left = time - clock.now();
    cancel = left > LONGEST_WAIT ? clock.schedule(LONGEST_WAIT, look) : clock.schedule(Math.max(0, left), task);
  };
  look();
  return () => cancel();
}

export interface Random {
  /** Evenly distributed in [0, 1). */
  next(): number;
}

const ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTVWXYZabcdefghijkmnopqrstvwxyz";

/** An unguessable name of `length` letters and digits (5.8 bits each), as far as `random` is unguessable. */
export function randomId(random: Random, length = 16): string {
  let id = "";
  while (id.length < length) id += ALPHABET[Math.floor(random.next() * ALPHABET.length)];
  return id;
}
