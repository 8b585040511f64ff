import type { Open, Role, User } from "@tutti/protocol";
import type { Participant, Place } from "../delivery/participant.js";
import type { SharedMessage } from "../delivery/shared-message.js";
import type { DocumentActor } from "../documents/actor.js";

/** The connection that a membership belongs to. */
export interface Carrier {
  readonly hasRoom: boolean;
  deliver(membership: Membership, message: SharedMessage): void;
}

/** One document that a connection has open. */
export class Membership implements Participant {
  readonly client: string;
  readonly user: User;
  readonly document: string;
  readonly attendance: boolean;
  readonly pieces: boolean;
  /** The least there is, until it is known. */
  role: Role = "viewer";
  place: Place = "viewing";
  /** Set once the document let us in. */
  actor: DocumentActor | undefined;
  readonly #carrier: Carrier;

  constructor(
    { document, client, pieces, attendance }: Pick<Open, "document" | "client" | "pieces" | "attendance">,
    user: User,
    carrier: Carrier,
  ) {
    this.document = document;
    this.client = client;
    this.user = user;
    this.attendance = attendance === true;
    this.pieces = pieces === true;
    this.#carrier = carrier;
  }

  get hasRoom(): boolean {
    return this.#carrier.hasRoom;
  }

  send(message: SharedMessage): void {
    this.#carrier.deliver(this, message);
  }
}
