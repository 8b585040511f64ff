import type { Cancel, ErrorData } from "@tutti/protocol";

/**
 * Where the document stands with the server:
 *
 *     disconnected → unopened → opening → live                (and back to disconnected at any time)
 *                       ↑ later  `open`     `opened` came
 *                     paused: trying again in a while         refused, stopped, closed: never again
 *                     halted: not before the person has chosen (C12), who may choose to leave `refused` as well
 *     locked out: like disconnected, until the person has signed in again (A1)
 */
export type Phase =
  | { readonly kind: "disconnected" }
  | { readonly kind: "locked out" }
  | { readonly kind: "unopened" }
  | { readonly kind: "opening" }
  | { readonly kind: "live" }
  | { readonly kind: "paused"; readonly retry: Cancel }
  | { readonly kind: "halted" }
  | { readonly kind: "refused"; readonly error: ErrorData }
  | { readonly kind: "stopped"; readonly error: ErrorData }
  | { readonly kind: "closed" };

/** The phases that nothing leads out of, with the reason. */
export type HopelessPhase = Extract<Phase, { readonly error: ErrorData }>;

/** Whether what happens to the connection makes no difference: the way on is the person's, or there is none. */
export const isSettled = (phase: Phase): boolean => phase.kind === "halted" || isFinal(phase);

export const isFinal = (phase: Phase): boolean =>
  phase.kind === "refused" || phase.kind === "stopped" || phase.kind === "closed";
