import type { TuttiServer } from "@tutti/server";
import type { VirtualClock } from "@tutti/testkit";

type Attendance = TuttiServer["attendance"];
type Attendee = Parameters<Attendance["arrive"]>[0];

/** From a time (milliseconds) on, somebody edits or views. */
interface Stay {
  readonly from: number;
  readonly place: "editing" | "viewing";
}

/**
 * Who had a place when, as one server gave places out, compared with what it commits: no edit was admitted from somebody
 * who viewed (S11), and never do more people edit than there may be.
 */
export class PlaceWatch {
  readonly #clock: VirtualClock;
  readonly #mostEditors: number;
  readonly #violated: (message: string) => void;
  readonly #started: number;
  /** By document and client, in order. */
  readonly #stays = new Map<string, Stay[]>();
  readonly #here = new Set<Attendee>();

  constructor(server: TuttiServer, clock: VirtualClock, mostEditors: number, violated: (message: string) => void) {
    this.#clock = clock;
    this.#mostEditors = mostEditors;
    this.#violated = violated;
    this.#started = clock.now();
    this.#listen(server.attendance);
    server.documents.onCommit((document, operations) => {
      for (const { client, time, version } of operations) this.#committed(document, client, time, version);
    });
  }

  #listen(attendance: Attendance): void {
    const [arrive, leave] = [attendance.arrive.bind(attendance), attendance.leave.bind(attendance)];
    attendance.arrive = (attendee, ...others) => {
      this.#here.add(attendee);
      arrive(attendee, ...others);
      this.#note(attendee);
    };
    attendance.leave = (attendee, lost) => {
      this.#here.delete(attendee);
      leave(attendee, lost);
    };
    attendance.onPlaced((attendee) => this.#note(attendee));
  }

  #note(attendee: Attendee): void {
    const { document, client, place } = attendee;
    const name = `${document} ${client}`;
    this.#stays.set(name, [...(this.#stays.get(name) ?? []), { from: this.#clock.now(), place }]);
    const here = [...this.#here].filter((other) => other.document === document && other.place === "editing");
    const editors = new Set(here.map(({ user }) => user.id));
    if (editors.size > this.#mostEditors)
      this.#violated(`${[...editors]} edit ${document}: at most ${this.#mostEditors} may`);
  }

  /** @param time when the operation was admitted */
  #committed(document: string, client: string, time: number, version: number): void {
    // What an earlier process had stored, though it was told otherwise.
    if (time < this.#started) return;
    const stays = this.#stays.get(`${document} ${client}`);
    // Nobody's tab: deleted text that was brought back on somebody's behalf (L4).
    if (stays === undefined) return;
    const before = stays.findLast(({ from }) => from < time);
    const then = stays.filter(({ from }) => from === time);
    // Several things may happen in one moment.
    if ([...then, ...(before === undefined ? [] : [before])].some(({ place }) => place === "editing")) return;
    this.#violated(`v${version} of ${document} is by ${client}, who had no place`);
  }
}
