import type { User } from "@tutti/protocol";
import type { Participant } from "../delivery/participant.js";
import type { SharedMessage } from "../delivery/shared-message.js";
import type { DocumentActor } from "../documents/actor.js";

/** One document that a connection has open. */
export class Membership implements Participant {
  readonly client: string;
  readonly user: User;
  readonly document: string;
  /** Set once the document let us in. */
  actor: DocumentActor | undefined;
  readonly #deliver: (membership: Membership, message: SharedMessage) => void;

  constructor(
    document: string,
    client: string,
    user: User,
    deliver: (membership: Membership, message: SharedMessage) => void,
  ) {
    this.document = document;
    this.client = client;
    this.user = user;
    this.#deliver = deliver;
  }

  send(message: SharedMessage): void {
    this.#deliver(this, message);
  }
}
