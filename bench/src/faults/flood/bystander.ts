import type { ChildProcess } from "node:child_process";
import { setPriority } from "node:os";
import { Latencies } from "../../replay/figures.js";
import { messageOf, startChild } from "../child.js";
import type { BystanderOrder, FromBystander, ToBystander } from "./messages.js";

/** Somebody who writes in another document while the flood comes, and measures how long it takes until it is saved. */
export class Bystander {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Resolves when the document is open. */
  static async start(order: BystanderOrder): Promise<Bystander> {
    const child = startChild("flood/bystander-process.js", order);
    setPriority(child.pid ?? 0, order.priority);
    await messageOf(child, (message: FromBystander) => message.type === "ready");
    return new Bystander(child);
  }

  /** Since the last call. */
  async samples(): Promise<Latencies> {
    this.#tell({ type: "samples" });
    const { milliseconds } = await messageOf(this.#child, (message: FromBystander) => message.type === "samples");
    const latencies = new Latencies();
    for (const sample of milliseconds) latencies.add(sample);
    return latencies;
  }

  /** Stops writing. @returns how many tokens were acknowledged, which is all of them */
  async finish(): Promise<number> {
    this.#tell({ type: "finish" });
    return (await messageOf(this.#child, (message: FromBystander) => message.type === "finished")).acknowledged;
  }

  dispose(): void {
    this.#child.kill("SIGKILL");
  }

  #tell(message: ToBystander): void {
    this.#child.send(message);
  }
}
