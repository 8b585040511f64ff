/** Random scripts for a `PieceNetwork`: who edits, sends, hears, leaves, comes back, and when the server restarts. */
import fc from "fast-check";
import { expect } from "vitest";
import type { Document, Operation } from "../src/index.js";
import type { PieceNetwork } from "./sync-network.js";

export const CLIENTS = 4;
export const by = fc.constantFrom("operation", "span") as fc.Arbitrary<"operation" | "span">;
export const modes = fc.constantFrom("merge", "keep") as fc.Arbitrary<"merge" | "keep">;

const KINDS = [
  ...["edit", "edit", "edit", "edit", "flush", "flush", "take", "take", "tell", "hear"],
  ...["leave", "join", "compact", "restart", "undo", "redo"],
] as const;

/** One event; `plan` says what is edited where it is an edit. */
export interface Event<Plan> {
  readonly kind: string;
  readonly client: number;
  readonly count: number;
  readonly by: "operation" | "span";
  readonly plan: Plan;
}

export function scripts<Plan>(plan: fc.Arbitrary<Plan>): fc.Arbitrary<readonly Event<Plan>[]> {
  const event = fc.record({
    kind: fc.constantFrom(...KINDS),
    client: fc.nat(CLIENTS - 1),
    count: fc.integer({ min: 1, max: 4 }),
    by,
    plan,
  });
  return fc.array(event, { maxLength: 100 });
}

/** @param operationOn what a plan is on the document that the client sees */
export function happen<Plan>(
  network: PieceNetwork,
  { kind, client, count, by, plan }: Event<Plan>,
  operationOn: (base: Document, plan: Plan) => Operation,
): void {
  if (kind === "edit") network.edit(client, operationOn(network.see(client), plan));
  else if (kind === "undo" || kind === "redo") network.step(client, kind);
  else if (kind === "flush" || kind === "leave" || kind === "join") network[kind](client);
  else if (kind === "take" || kind === "tell") network[kind](client, by);
  else if (kind === "hear") network.hear(client, count);
  else if (kind === "compact") network.compact(2 ** count);
  else if (count === 1) network.restart();
}

export function converged(network: PieceNetwork): void {
  for (let client = 0; client < CLIENTS; client += 1) {
    expect(network.see(client).toDelta()).toEqual(network.server.toDelta());
    expect(network.see(client).checksum).toBe(network.server.checksum);
  }
}

/**
 * All are synchronised; then one is away while another one's three edits are committed, two of which make up an aligned
 * span wherever they start. So the one who comes back gets a composed piece exactly when told in spans: a run in which
 * nothing was composed fails, instead of proving nothing.
 */
export function missThree(network: PieceNetwork, by: "operation" | "span"): void {
  const before = network.composed;
  network.leave(0);
  for (const insert of ["x", "y", "z"]) network.commit(1, [{ insert }]);
  network.settle(by);
  converged(network);
  expect(network.composed > before).toBe(by === "span");
}
