import type { Target } from "../../server/dialects/dialect.js";
import { type DialectName, speak } from "../../server/dialects/names.js";
import { connectEditor, type Editor } from "../../server/editor.js";
import { LeanSocket } from "../../server/lean-socket.js";
import { type Effort, Meter } from "../measure/meter.js";
import { CountedFrames } from "../people/counted-frames.js";
import { evenly } from "./pace.js";
import { serveCalls } from "./remote.js";
import { inGroups } from "./replica.js";

export interface StrangersOrder {
  readonly dialect: DialectName;
  readonly target: Target;
  /** People of this process, and the number of the first one, who has a number of its own among all. */
  readonly count: number;
  readonly first: number;
}

/** What people were told so far, all together. */
export interface StrangerTraffic {
  readonly frames: number;
  readonly bytes: number;
  /** Each counted for each receiver. */
  readonly keystrokes: number;
}

const JOINING = 20;

/** People at the server of somebody else, on its bare protocol: either they type, or they only read. */
export class StrangersCrew {
  readonly #meter = new Meter();
  readonly #sockets: LeanSocket[] = [];
  readonly #editors: Editor[] = [];
  readonly #busy = new Set<number>();
  #frames = 0;
  #bytes = 0;
  #keystrokes = 0;
  #stop: () => void = () => undefined;

  /** They will type. */
  async edit(order: StrangersOrder): Promise<void> {
    for (let index = 0; index < order.count; index += 1) {
      const told = { acknowledged: () => this.#busy.delete(index), delivered: () => undefined };
      const dialect = speak(order.dialect, order.target, "typist", order.first + index);
      this.#editors.push(await connectEditor(order.target, dialect, told));
    }
  }

  /** They only read. */
  async watch(order: StrangersOrder): Promise<void> {
    const shared = new CountedFrames(speak(order.dialect, order.target, "counter", order.first + order.count));
    await inGroups(Array.from({ length: order.count }), JOINING, async (_, index) => {
      this.#sockets.push(await this.#open(order, order.first + index, shared));
    });
  }

  /** From now on each sends so many letters a second, unless its last one is still on its way. */
  type(perSecond: number): void {
    this.#stop();
    this.#stop = evenly(perSecond * this.#editors.length, (count) => {
      const index = count % this.#editors.length;
      if (this.#busy.has(index)) return;
      this.#busy.add(index);
      this.#editors[index]?.type();
    });
  }

  effort(): Effort {
    return this.#meter.take();
  }

  traffic(): StrangerTraffic {
    return { frames: this.#frames, bytes: this.#bytes, keystrokes: this.#keystrokes };
  }

  async #open({ dialect: name, target }: StrangersOrder, number: number, shared: CountedFrames): Promise<LeanSocket> {
    const dialect = speak(name, target, "reader", number);
    let ready = false;
    let socket: LeanSocket | undefined;
    await new Promise<void>((resolve, reject) => {
      const events = {
        ready: () => {
          ready = true;
          resolve();
        },
        acknowledged: () => undefined,
        delivered: () => undefined,
      };
      const message = (bytes: Uint8Array): void => {
        this.#frames += 1;
        this.#bytes += bytes.length;
        if (ready) this.#keystrokes += shared.keystrokes(bytes);
        else for (const answer of dialect.receive(bytes, events) ?? []) socket?.send(answer);
      };
      const closed = (): void => reject(new Error(`${target.url} went away`));
      LeanSocket.open(new URL(dialect.path, target.url), dialect.subprotocol, { message, closed }).then((open) => {
        socket = open;
        for (const greeting of dialect.greeting()) open.send(greeting);
      }, reject);
    });
    if (socket === undefined) throw new Error("nobody came");
    return socket;
  }
}

serveCalls(new StrangersCrew());
