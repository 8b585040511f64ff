import type { Operation } from "@tutti/ot";
import { codecFor, type DownMessage, TuttiError } from "@tutti/protocol";
import type { SeededRandom, VirtualClock } from "@tutti/testkit";
import type { Participant, Place } from "../../src/delivery/participant.js";
import type { SharedMessage } from "../../src/delivery/shared-message.js";
import type { DocumentActor } from "../../src/documents/actor.js";

const codec = codecFor("tutti.v1");

/** What a tab hears: the document's messages, and what its place is. */
type Heard = DownMessage | { readonly place: Place };

/**
 * One connection of one tab to a document without the gateway between them: each way takes its time and keeps the order,
 * until the line is lost. As the gateway does, it refuses what somebody submits who views.
 */
export class Tab implements Participant {
  readonly client: string;
  readonly user;
  readonly role = "editor";
  readonly introduction = {};
  readonly attends = false;
  readonly pieces: boolean;
  place: Place;
  hasRoom = true;
  /** As far as the client knows. */
  mayEdit = false;
  /** The client's side has read these. */
  readonly received: DownMessage[] = [];
  /** Frames of rounds and commits that were sent here. */
  sent = 0;
  #lost = false;
  #upFree = 0;
  #downFree = 0;
  readonly #clock: VirtualClock;
  readonly #random: SeededRandom;
  readonly #actor: DocumentActor;

  constructor(
    client: string,
    actor: DocumentActor,
    clock: VirtualClock,
    random: SeededRandom,
    { place, pieces }: { readonly place: Place; readonly pieces: boolean },
  ) {
    this.client = client;
    this.user = { id: client, name: client };
    this.#actor = actor;
    this.#clock = clock;
    this.#random = random;
    this.place = place;
    this.pieces = pieces;
  }

  /** Opens the document. @param version what the client has */
  async open(version: number | undefined): Promise<void> {
    const place = this.place;
    await this.#actor.join(this, { version, content: false }, () => []);
    this.#down({ place });
  }

  move(place: Place): void {
    this.place = place;
    this.#actor.placed(this);
    this.#down({ place });
  }

  submit(sequence: number, version: number, operation: Operation): void {
    this.#upFree = Math.max(this.#upFree, this.#clock.now() + this.#random.between(0, 60));
    this.#clock.schedule(this.#upFree - this.#clock.now(), () => {
      if (this.#lost) return;
      if (this.place === "editing") void this.#actor.submit(this, { sequence, version, operation });
      else this.#down({ type: "rejected", document: "doc", sequence, error: viewingOnly });
    });
  }

  /** What the client says from now on takes at least so long. */
  stall(milliseconds: number): void {
    this.#upFree = this.#clock.now() + milliseconds;
  }

  send(message: SharedMessage): void {
    this.sent += 1;
    this.#down(codec.decodeDown(message.frame("tutti.v1")));
  }

  /** Nothing that is on its way arrives any more. */
  lose(): void {
    this.#lost = true;
    this.#actor.leave(this);
  }

  #down(heard: Heard): void {
    this.#downFree = Math.max(this.#downFree, this.#clock.now() + this.#random.between(0, 60));
    this.#clock.schedule(this.#downFree - this.#clock.now(), () => {
      if (this.#lost) return;
      if ("place" in heard && !("type" in heard)) this.mayEdit = heard.place === "editing";
      else this.received.push(heard as DownMessage);
    });
  }
}

const viewingOnly = new TuttiError("viewing_only", "you view this document", 1000).toData();
