import { TuttiClient } from "@tutti/client";
import { WebSocket } from "ws";
import { tokenOf } from "../kill/tokens.js";
import type { BystanderOrder, FromBystander, ToBystander } from "./messages.js";

// A process of its own with one person who writes small things in a document that is nobody else's concern.

const tell = (message: FromBystander): void => {
  process.send?.(message);
};

async function main({ url, token, document, pause }: BystanderOrder): Promise<void> {
  const handle = new TuttiClient({ url, token, WebSocket }).open(document);
  await handle.ready;
  let samples: number[] = [];
  let started = 0;
  let [typed, acknowledged] = [0, 0];
  let finishing = false;
  process.on("message", (message: ToBystander) => {
    if (message.type === "finish") {
      finishing = true;
      return;
    }
    const waiting = typed > acknowledged ? [performance.now() - started] : [];
    tell({ type: "samples", milliseconds: [...samples, ...waiting] });
    samples = [];
  });
  tell({ type: "ready" });
  while (!finishing) {
    typed += 1;
    started = performance.now();
    handle.insert(handle.length, tokenOf(0, typed));
    await handle.saved();
    samples.push(performance.now() - started);
    acknowledged = typed;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  tell({ type: "finished", acknowledged });
}

process.once("disconnect", () => process.exit());
process.once("message", (order: BystanderOrder) => void main(order));
