import { SeededRandom } from "@tutti/testkit";
import { Writer } from "../faults/kill/writer.js";
import { Member } from "./member.js";
import type { FromMembers, MembersOrder, ToMembers } from "./messages.js";

// A process of its own with a part of the herd, started by `Members`.

const tell = (message: FromMembers): void => {
  process.send?.(message);
};

class Part {
  readonly #order: MembersOrder;
  readonly #members: Member[] = [];
  readonly #writers: Writer[] = [];
  readonly #writing: Promise<void>[] = [];

  constructor(order: MembersOrder) {
    this.#order = order;
    const apart = order.arriveWithin / order.seats.length;
    for (const [index, seat] of order.seats.entries()) {
      setTimeout(() => this.#arrive(new Member(order.url, seat)), index * apart);
    }
  }

  do({ type }: ToMembers): void {
    if (type === "watch") for (const member of this.#members) member.watch();
    else if (type === "look") this.#look();
    else if (type === "tell") tell({ type: "told", journeys: this.#members.map(({ journey }) => journey) });
    else void this.#finish();
  }

  #arrive(member: Member): void {
    this.#members.push(member);
    // A document that can't be opened is noticed: its member never is here.
    member.handle.ready.catch(() => undefined);
    if (member.seat.writes) this.#writing.push(this.#write(member));
  }

  async #write({ seat, handle }: Member): Promise<void> {
    const { member } = seat;
    const random = new SeededRandom(this.#order.seed).fork(`writer ${member}`);
    const writer = new Writer(member, handle, random, (upTo) => tell({ type: "acknowledged", member, upTo }));
    this.#writers.push(writer);
    await writer
      .write(this.#order.pause)
      .catch((error: unknown) => tell({ type: "failed", member, reason: String(error) }));
  }

  #look(): void {
    const here = this.#members.filter((member) => member.here).length;
    tell({ type: "looked", here, back: this.#members.filter((member) => member.isBack).length });
  }

  async #finish(): Promise<void> {
    for (const writer of this.#writers) writer.stop();
    await Promise.all(this.#writing);
    tell({ type: "finished" });
  }
}

process.once("message", (order: MembersOrder) => {
  const part = new Part(order);
  process.on("message", (message: ToMembers) => part.do(message));
});
process.once("disconnect", () => process.exit());
