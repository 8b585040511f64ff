import type { Cancel, ErrorData } from "@tutti/protocol";

/**
 * Where the document stands with the server:
 *
 *     disconnected → unopened → opening → live                (and back to disconnected at any time)
 *                       ↑ later  `open`     `opened` came
 *                     paused: trying again in a while         refused, stopped, closed: never again
 *     locked out: like disconnected, until the person has signed in again (A1)
 */
export type Phase =
  | { readonly kind: "disconnected" }
  | { readonly kind: "locked out" }
  | { readonly kind: "unopened" }
  | { readonly kind: "opening" }
  | { readonly kind: "live" }
  | { readonly kind: "paused"; readonly retry: Cancel }
  | { readonly kind: "refused"; readonly error: ErrorData }
  | { readonly kind: "stopped"; readonly error: ErrorData }
  | { readonly kind: "closed" };

/** The phases that nothing leads out of, with the reason. */
export type HopelessPhase = Extract<Phase, { readonly error: ErrorData }>;

export const isFinal = (phase: Phase): boolean =>
  phase.kind === "refused" || phase.kind === "stopped" || phase.kind === "closed";
