import type { SimulatedDevice } from "@tutti/testkit";

/** What a person sits at: its tabs come and go, its storage stays. */
export interface Device {
  readonly name: string;
  /** undefined: it has none, what is not sent dies with its tab. */
  readonly storage: SimulatedDevice | undefined;
  /** Names of all tabs that there ever were. */
  readonly tabs: string[];
}
