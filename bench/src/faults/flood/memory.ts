import { readFileSync } from "node:fs";

/** Between two looks, in milliseconds. */
const INTERVAL = 50;
const KILOBYTE = 1024;

/** How much memory a process has, looked at again and again (Linux). */
export class MemoryWatch {
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout;
  #peak = 0;

  constructor(pid: number) {
    this.#pid = pid;
    this.#timer = setInterval(() => this.now(), INTERVAL);
  }

  /** Resident bytes at this moment; 0 when the process is gone. */
  now(): number {
    const bytes = residentBytes(this.#pid);
    this.#peak = Math.max(this.#peak, bytes);
    return bytes;
  }

  /** The most since the start, or since the last call of this. */
  takePeak(): number {
    this.now();
    const peak = this.#peak;
    this.#peak = 0;
    return peak;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

function residentBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * KILOBYTE;
  } catch {
    return 0;
  }
}
