import type { ChildProcess } from "node:child_process";
import { messageOf, startChild } from "../child.js";
import type { FromWriters, Replica, ToWriters, WritersOrder } from "./messages.js";

/** The near end of a process of writers. */
export class WriterProcess {
  readonly #child: ChildProcess;

  /** @param told of every message */
  constructor(order: WritersOrder, told: (message: FromWriters) => void) {
    this.#child = startChild("kill/writers-process.js", order);
    this.#child.on("message", (message) => told(message as FromWriters));
  }

  /** Resolves when all have stopped, and all that they typed is acknowledged. */
  async finish(): Promise<void> {
    this.#tell({ type: "finish" });
    await messageOf(this.#child, (message: FromWriters) => message.type === "finished");
  }

  /** What each writer has, once it has these versions. */
  async replicas(versions: Readonly<Record<string, number>>): Promise<readonly Replica[]> {
    this.#tell({ type: "compare", versions });
    const { replicas } = await messageOf(this.#child, (message: FromWriters) => message.type === "replicas");
    return replicas;
  }

  dispose(): void {
    this.#child.kill("SIGKILL");
  }

  #tell(message: ToWriters): void {
    this.#child.send(message);
  }
}
