import type { Clock, Random } from "@tutti/protocol";
import type { ClientEnvironment } from "./types.js";

/** The real clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(delay, task) {
    const timer = setTimeout(task, delay);
    return () => clearTimeout(timer);
  },
};

/** Unguessable numbers of the platform. */
export const systemRandom: Random = {
  next: () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32,
};

/** Tells when a browser says that it has a network again, or its person is back; elsewhere nobody says so. */
export const systemOnline: NonNullable<ClientEnvironment["online"]> = (listener) => {
  const page = globalThis as Partial<Pick<EventSource, "addEventListener" | "removeEventListener">>;
  for (const event of ["online", "focus"] as const) page.addEventListener?.(event, listener);
  return () => {
    for (const event of ["online", "focus"] as const) page.removeEventListener?.(event, listener);
  };
};

/** What is used of a browser's window. */
interface EventSource {
  addEventListener(event: "online" | "focus", listener: () => void): void;
  removeEventListener(event: "online" | "focus", listener: () => void): void;
}
