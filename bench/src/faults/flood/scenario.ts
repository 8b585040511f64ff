import type { Latencies } from "../../replay/figures.js";
import type { OwnServer } from "../../replay/own-server.js";
import type { ServerApi } from "../../replay/server-api.js";

/** Where a flood happens. */
export interface Stage {
  readonly server: OwnServer;
  readonly api: ServerApi;
  /** Of the one who floods. */
  readonly token: string;
  /** The document that is flooded. */
  readonly document: string;
  readonly seed: number;
}

/** What a scenario found out by itself. */
export interface Findings {
  /** Figures for people, such as "1,000 frames refused". */
  readonly notes: readonly string[];
  /** Promises that were not kept. */
  readonly problems: readonly string[];
}

/** A bad time for a server, and what it must bear. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  /** The server's memory never goes beyond, in bytes. */
  readonly memory: number;
  /** 99 of 100 edits in other documents take no longer until they are saved (ms); undefined where nothing can be saved. */
  readonly others: number | undefined;
  /** The server's data folder, where it must be a special one. */
  readonly prepare?: () => Promise<PreparedFolder>;
  /** How often it happens, each time to another document, so that there are enough edits elsewhere to judge by. */
  readonly rounds: number;
  /** Resolves when it is over: what comes after must work at once, or within the time for recovery. */
  readonly run: (stage: Stage) => Promise<Findings>;
}

export interface PreparedFolder {
  readonly data: string;
  readonly remove: () => Promise<void>;
}

/** What became of a scenario. */
export interface FloodReport extends Findings {
  readonly scenario: Scenario;
  /** Of edits in another document: before, and during. */
  readonly calm: Latencies;
  readonly during: Latencies;
  /** In bytes. */
  readonly memoryBefore: number;
  readonly memoryPeak: number;
  /** Some seconds later. */
  readonly memoryAfter: number;
  /** Until everything worked again, from the end of the flood (ms). */
  readonly recovery: number;
  readonly milliseconds: number;
}
