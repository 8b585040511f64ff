import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { messageOf } from "../faults/child.js";
import type { FromMembers, Journey, MembersOrder, ToMembers } from "./messages.js";

const BUILT = new URL("../../dist/herd/members-process.js", import.meta.url);

type Of<T extends FromMembers["type"]> = Extract<FromMembers, { readonly type: T }>;

/** The herd: processes that share its members. */
export class Members {
  readonly #processes: readonly ChildProcess[];
  /** For each writer, the count of the newest acknowledged token. */
  readonly acknowledged = new Map<number, number>();
  /** What went wrong, in words. */
  readonly problems: string[] = [];

  /** @param processes that its members are spread over */
  constructor({ seats, ...order }: MembersOrder, processes: number) {
    this.#processes = Array.from({ length: processes }, (_, index) => {
      const child = fork(fileURLToPath(BUILT), { execArgv: [], serialization: "advanced" });
      child.on("message", (message: FromMembers) => this.#told(message));
      child.send({
        ...order,
        seats: seats.filter(({ member }) => member % processes === index),
      } satisfies MembersOrder);
      return child;
    });
  }

  /** A new journey begins for everybody. */
  watch(): void {
    for (const child of this.#processes) child.send({ type: "watch" } satisfies ToMembers);
  }

  /** How many have their document open now, and how many came back since `watch`. */
  async look(): Promise<{ readonly here: number; readonly back: number }> {
    const parts = await this.#ask("look", "looked");
    const sum = (pick: (part: Of<"looked">) => number): number => parts.reduce((total, part) => total + pick(part), 0);
    return { here: sum(({ here }) => here), back: sum(({ back }) => back) };
  }

  async journeys(): Promise<readonly Journey[]> {
    return (await this.#ask("tell", "told")).flatMap(({ journeys }) => journeys);
  }

  /** Writers stop; resolves when everything is saved. */
  async finish(): Promise<void> {
    await this.#ask("finish", "finished");
  }

  dispose(): void {
    for (const child of this.#processes) child.kill("SIGKILL");
  }

  #ask<T extends FromMembers["type"]>(type: ToMembers["type"], answer: T): Promise<readonly Of<T>[]> {
    const isAnswer = (message: FromMembers): message is Of<T> => message.type === answer;
    return Promise.all(
      this.#processes.map((child) => {
        const answered = messageOf<FromMembers, Of<T>>(child, isAnswer);
        child.send({ type } satisfies ToMembers);
        return answered;
      }),
    );
  }

  #told(message: FromMembers): void {
    if (message.type === "acknowledged") this.acknowledged.set(message.member, message.upTo);
    if (message.type === "failed") this.problems.push(`member ${message.member} could not go on: ${message.reason}`);
  }
}
