import { readFileSync } from "node:fs";

/** What a process has used since its start (Linux; zeros elsewhere, or when it is gone). */
export interface ProcessUse {
  /** Milliseconds of processor time of all its threads. */
  readonly cpu: number;
  /** The most resident bytes so far. */
  readonly peakResident: number;
}

/** Of the clock that /proc counts processor time in: the same on every Linux that runs Node. */
const TICK = 10;
const KILOBYTE = 1024;

export function useOf(pid: number): ProcessUse {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Behind the name, which may hold anything: state is field 3, user and system time are 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
    return { cpu: ticks * TICK, peakResident: Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * KILOBYTE };
  } catch {
    return { cpu: 0, peakResident: 0 };
  }
}

/** Files and sockets that a process may have open; undefined where nobody says. */
export function openFilesLimit(pid: number | "self"): number | undefined {
  try {
    const limits = readFileSync(`/proc/${pid}/limits`, "utf8");
    return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1]);
  } catch {
    return undefined;
  }
}
