import type { Clock, Device, Random } from "@tutti/protocol";
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

/** Tells what a browser says of its network, and when the person comes back to the page; elsewhere nobody says so. */
export const systemOnline: NonNullable<ClientEnvironment["online"]> = (listener) => {
  const page = globalThis as Page;
  const { document } = page;
  const heard: readonly (readonly [EventSource | undefined, string, () => void])[] = [
    [page, "online", () => listener("online")],
    [page, "offline", () => listener("offline")],
    [page, "focus", () => listener("returned")],
    // A page that comes back from the cache of the browser has lost its sockets, and may not have heard of it.
    [page, "pageshow", () => listener("returned")],
    [document, "visibilitychange", () => document?.visibilityState === "visible" && listener("returned")],
  ];
  for (const [source, event, told] of heard) source?.addEventListener?.(event, told);
  return () => {
    for (const [source, event, told] of heard) source?.removeEventListener?.(event, told);
  };
};

/** What a person works with here, as far as the platform tells: `program` where there is no page to look at. */
export function systemDevice(): Device {
  const { document, navigator: { userAgent = "", maxTouchPoints = 0 } = {} } = globalThis as Page;
  if (document === undefined) return "program";
  // Tablets of Apple call themselves computers, but no such computer can be touched.
  if (/iPad|Tablet/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1)) return "tablet";
  if (/Mobi|iPhone/.test(userAgent)) return "phone";
  return /Android/.test(userAgent) ? "tablet" : "computer";
}

/** What is used of a browser's window, of its worker, and of its document. */
interface EventSource {
  addEventListener?(event: string, listener: () => void): void;
  removeEventListener?(event: string, listener: () => void): void;
}

interface Page extends EventSource {
  readonly document?: EventSource & { readonly visibilityState?: string };
  readonly navigator?: { readonly userAgent?: string; readonly maxTouchPoints?: number };
}
