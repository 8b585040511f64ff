import { parseSession, type Session } from "./session.js";

const KEY = "tutti.session";
const listeners = new Set<() => void>();

// The tab comes first: two windows of one browser can be two people, and stay so over a reload.
let current = parseSession(read("sessionStorage")) ?? parseSession(read("localStorage"));

/** null while nobody is signed in. */
export function currentSession(): Session | null {
  return current;
}

/** Signs somebody in, or out (null). Tabs opened later start with the session set last. */
export function setSession(session: Session | null): void {
  write("sessionStorage", session);
  write("localStorage", session);
  current = session;
  for (const listener of listeners) listener();
}

/** Calls back when somebody signs in or out. */
export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

type StorageName = "localStorage" | "sessionStorage";

// Storage can be switched off in a browser; a session then lasts as long as its page.
function read(storage: StorageName): string | null {
  try {
    return window[storage].getItem(KEY);
  } catch {
    return null;
  }
}

function write(storage: StorageName, session: Session | null): void {
  try {
    if (session === null) window[storage].removeItem(KEY);
    else window[storage].setItem(KEY, JSON.stringify(session));
  } catch {
    // See read().
  }
}
