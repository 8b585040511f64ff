import { setPriority } from "node:os";
import type { Document } from "@tutti/ot";
import { Arrivals } from "../measure/arrivals.js";
import { type Effort, Meter } from "../measure/meter.js";
import { now } from "../measure/now.js";
import { type DelaysByLabel, type SentEdits, SentTable, type Window } from "../measure/sent.js";
import { LightViewer } from "../people/light-viewer.js";
import { SharedContent } from "../people/shared-content.js";
import { SharedDecoder } from "../people/shared-decoder.js";
import type { Place } from "../people/wire.js";
import { evenly } from "./pace.js";
import { serveCalls } from "./remote.js";
import { inGroups, type Replica, replicaOf, until } from "./replica.js";

export interface ViewersOrder {
  readonly place: Place;
  readonly tokens: readonly string[];
  /** In front of their client ids. */
  readonly name: string;
}

/** What viewers were told so far. */
export interface ViewerTraffic {
  readonly frames: number;
  readonly bytes: number;
  /** Versions, each counted for each viewer. */
  readonly versions: number;
}

const JOINING = 40;
/** Seconds between two words of one viewer: the server wants to hear something within 45. */
const PING = 15;

/** Many viewers of one document in this process. */
export class ViewersCrew {
  #viewers: LightViewer[] = [];
  readonly #meter = new Meter();
  readonly #arrivals = new Arrivals();
  #versions = 0;
  #stopPinging: () => void = () => undefined;

  async join({ place, tokens, name }: ViewersOrder): Promise<void> {
    const settings = {
      place,
      decoder: new SharedDecoder(),
      contents: new SharedContent(),
      arrived: (first: number, last: number) => {
        this.#versions += last - first + 1;
        this.#arrivals.add(first, last, -1, now());
      },
    };
    const viewers: LightViewer[] = [];
    await inGroups(tokens, JOINING, async (token, index) => {
      viewers[index] = await LightViewer.join(settings, token, `${name}-${index}`);
    });
    this.#viewers = viewers;
    this.#stopPinging = evenly(viewers.length / PING, (count) => viewers[count % viewers.length]?.ping());
  }

  effort(): Effort {
    return this.#meter.take();
  }

  traffic(): ViewerTraffic {
    const sum = (of: (viewer: LightViewer) => number): number =>
      this.#viewers.reduce((before, viewer) => before + of(viewer), 0);
    return { frames: sum((viewer) => viewer.frames), bytes: sum((viewer) => viewer.bytes), versions: this.#versions };
  }

  /** From sending to the arrival at each viewer. @param sent by all editors of all processes */
  figures(sent: readonly SentEdits[], windows: readonly Window[]): DelaysByLabel {
    return this.#arrivals.judge(new SentTable(sent), windows);
  }

  /** What each has once all have reached this version. */
  async replicas(version: number): Promise<readonly Replica[]> {
    await until(() => this.#viewers.every((viewer) => viewer.version >= version), `no version ${version} everywhere`);
    const known = new WeakMap<Document, string>();
    return this.#viewers.flatMap(({ content, version: reached }) =>
      content === undefined ? [] : [replicaOf(content, reached, known)],
    );
  }

  /** All go away without a word. */
  leave(): void {
    this.#stopPinging();
    for (const viewer of this.#viewers) viewer.end();
    this.#viewers = [];
  }
}

// In the world they are on machines of their own: here they take only what the server and the editors leave.
setPriority(10);
serveCalls(new ViewersCrew());
