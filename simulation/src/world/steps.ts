import { DEVICE_STEPS, type DeviceStep } from "@tutti/testkit";
import type { Person } from "./person.js";

/** What a client does or meets, one after the other: it may die between any two of them. */
export const STEPS = [
  ...DEVICE_STEPS,
  "an edit is about to be sent",
  "an edit was sent",
  "an answer arrives",
  "the content arrives",
] as const;
export type Step = DeviceStep | (typeof STEPS)[number];

/** Lets something happen exactly when somebody takes a step. */
export class Steps {
  readonly #waiting = new Map<Person, { readonly step: Step; readonly task: () => void }>();

  /** Calls the task once, the next time that this person takes that step; whoever waited before does so no more. */
  await(person: Person, step: Step, task: () => void): void {
    this.#waiting.set(person, { step, task });
  }

  /** Nobody waits for this person any more. @returns whether anybody did */
  forget(person: Person): boolean {
    return this.#waiting.delete(person);
  }

  taken(person: Person, step: Step): void {
    const waiting = this.#waiting.get(person);
    if (waiting?.step !== step || !person.alive) return;
    this.#waiting.delete(person);
    waiting.task();
  }
}
