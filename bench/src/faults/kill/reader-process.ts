import { TuttiClient } from "@tutti/client";
import { WebSocket } from "ws";
import type { FromReader, ReaderOrder } from "./messages.js";

// A process of its own that has never seen the documents before: opens them, tells what it got, and ends.

async function main({ url, token, documents }: ReaderOrder): Promise<void> {
  const client = new TuttiClient({ url, token, WebSocket });
  const replicas = await Promise.all(
    documents.map(async (document) => {
      const handle = client.open(document);
      await handle.ready;
      return { document, version: handle.version, checksum: handle.checksum, text: handle.text() };
    }),
  );
  const answer: FromReader = { replicas };
  process.send?.(answer, () => process.exit());
}

process.once("disconnect", () => process.exit());
process.once("message", (order: ReaderOrder) => void main(order));
