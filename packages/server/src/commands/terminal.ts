import type { Clock } from "@tutti/protocol";
import type { StoreLocation } from "../open-store.js";
import type { Store } from "../storage/store.js";

/** What a command needs of the process around it. Tests bring their own. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** A result, as a line on stdout. */
  result(line: string): void;
  /** What goes on besides, as a line on stderr. */
  note(line: string): void;
  /** A line on stderr that the next one replaces; undefined where nobody watches (a file, a pipe). */
  readonly status: ((line: string) => void) | undefined;
  openStore(location: StoreLocation): Promise<Store>;
  /** Calls `listener` at each request to stop (SIGTERM, SIGINT). */
  onStop(listener: () => void): void;
}
