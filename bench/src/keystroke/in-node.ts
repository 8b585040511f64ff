import { setTimeout as pause } from "node:timers/promises";
import type { WebSocketConstructor } from "@tutti/client";
import { SeededRandom } from "@tutti/testkit";
import { WebSocket } from "ws";
import { Latencies } from "../replay/figures.js";
import type { Stage } from "./stage.js";

/** What it takes of the only thread that there is, in milliseconds. */
export interface NodeFigures {
  /** One `insert` or `delete` of the document, with everybody who listens to it. */
  readonly keystroke: Latencies;
  /** What comes from the server in one message. */
  readonly message: Latencies;
}

/** Between two keystrokes, in milliseconds. */
const PAUSE = 15;
/** Keystrokes at one place, before the caret goes elsewhere. */
const RUN = 20;
const WARM_UP = 100;

/** Types into the document through the SDK, without an editor. */
export async function typeInNode(stage: Stage, keystrokes: number): Promise<NodeFigures> {
  const figures = { keystroke: new Latencies(), message: new Latencies() };
  // To open the document is another matter.
  const messages = { latencies: new Latencies() };
  const { handle, close } = await stage.open(timedWebSocket(messages));
  messages.latencies = figures.message;
  // What somebody who shows the document does at least: looks at each change.
  let units = 0;
  handle.on("change", ({ delta }) => {
    units += delta.length;
  });
  const random = new SeededRandom(7);
  let caret = 0;
  for (let count = -WARM_UP; count < keystrokes; count += 1) {
    if (count % RUN === 0) caret = random.between(1, handle.length - 1);
    const started = performance.now();
    if (count % 10 === 9) handle.delete(caret - 1, 1);
    else handle.insert(caret, "k");
    const taken = performance.now() - started;
    if (count >= 0) figures.keystroke.add(taken);
    caret += count % 10 === 9 ? -1 : 1;
    await pause(PAUSE);
  }
  await handle.saved();
  close();
  if (units === 0) throw new Error("nobody was told of the keystrokes");
  return figures;
}

/** A WebSocket that measures what each of its messages takes where it arrives. */
function timedWebSocket(into: { readonly latencies: Latencies }): WebSocketConstructor {
  class TimedWebSocket extends WebSocket {
    // An assignment to `onmessage` comes here as well.
    override addEventListener(type: string, listener: unknown, options?: unknown): void {
      super.addEventListener(type as "message", timed(type, listener as Listener, into) as never, options as object);
    }
  }
  return TimedWebSocket as unknown as WebSocketConstructor;
}

type Listener = (event: never) => void;

function timed(type: string, listener: Listener, into: { readonly latencies: Latencies }): Listener {
  if (type !== "message") return listener;
  return (event) => {
    const started = performance.now();
    listener(event);
    into.latencies.add(performance.now() - started);
  };
}
