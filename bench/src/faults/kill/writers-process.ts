import { TuttiClient } from "@tutti/client";
import { SeededRandom } from "@tutti/testkit";
import { WebSocket } from "ws";
import type { FromWriters, Replica, ToWriters, WritersOrder } from "./messages.js";
import { Writer } from "./writer.js";

// A process of its own with some writers, each with a client of its own, started by `WriterProcess`.

const tell = (message: FromWriters): void => {
  process.send?.(message);
};

/** Resolves when the handle has this version. */
function reached({ handle }: Writer, version: number): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (handle.version >= version) resolve();
      else setTimeout(look, 20);
    };
    look();
  });
}

async function compare(writers: readonly Writer[], versions: Readonly<Record<string, number>>): Promise<void> {
  const replicas: Replica[] = [];
  for (const writer of writers) {
    const { handle } = writer;
    await reached(writer, versions[handle.id] ?? 0);
    replicas.push({
      document: handle.id,
      version: handle.version,
      checksum: handle.checksum,
      text: handle.text(),
    });
  }
  tell({ type: "replicas", replicas });
}

function main({ url, seats, seed, pause }: WritersOrder): void {
  const random = new SeededRandom(seed);
  const clients: TuttiClient[] = [];
  const writers = seats.map(({ writer, document, token }) => {
    const client = new TuttiClient({ url, token, WebSocket });
    clients.push(client);
    const acknowledged = (upTo: number): void => tell({ type: "acknowledged", writer, upTo });
    return new Writer(writer, client.open(document), random.fork(`writer ${writer}`), acknowledged);
  });
  const writing = writers.map((writer) =>
    writer
      .write(pause)
      .catch((error: unknown) => tell({ type: "failed", writer: writer.number, reason: String(error) })),
  );
  process.on("message", (message: ToWriters) => {
    if (message.type === "compare") void compare(writers, message.versions);
    else {
      for (const writer of writers) writer.stop();
      void Promise.all(writing).then(() => tell({ type: "finished" }));
    }
  });
  process.once("disconnect", () => process.exit());
}

process.once("message", (order: WritersOrder) => main(order));
