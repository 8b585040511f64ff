import type { Device, Open, Opened, Role, User, Visibility } from "@tutti/protocol";
import { mayEdit } from "../access/roles.js";
import type { Attendee } from "../attendance/attendee.js";
import type { Place } from "../delivery/participant.js";
import type { SharedMessage } from "../delivery/shared-message.js";
import type { DocumentActor } from "../documents/actor.js";
import type { PresenceParticipant } from "../presence/presence-state.js";

/** The connection that a membership belongs to. */
export interface Carrier {
  /** False while only what the client waits for should be sent. */
  hasRoom(): boolean;
  /** When anything was heard of it, in milliseconds since 1970. */
  lastHeard(): number;
  deliver(membership: Membership, message: SharedMessage): void;
}

/** One document that a connection has open. */
export class Membership implements Attendee, PresenceParticipant {
  readonly client: string;
  readonly user: User;
  readonly document: string;
  readonly pieces: boolean;
  readonly attends: boolean;
  readonly visibility: Visibility;
  readonly device: Device | undefined;
  /** The least there is, until it is known. */
  role: Role = "viewer";
  place: Place = "viewing";
  /** Set once the document let us in. */
  actor: DocumentActor | undefined;
  readonly #carrier: Carrier;

  constructor({ document, client, pieces, attendance, visibility, device }: Open, user: User, carrier: Carrier) {
    this.document = document;
    this.client = client;
    this.user = user;
    this.pieces = pieces === true;
    this.attends = attendance === true;
    this.visibility = visibility ?? "named";
    this.device = device;
    this.#carrier = carrier;
  }

  get hasRoom(): boolean {
    return this.#carrier.hasRoom();
  }

  get lastHeard(): number {
    return this.#carrier.lastHeard();
  }

  get introduction(): Pick<Opened, "role" | "place"> {
    const { role, place } = this;
    if (this.attends) return { role, place };
    // A client that does not know of places knows what a viewer is.
    return { role: mayEdit(role) && place === "viewing" ? "viewer" : role };
  }

  send(message: SharedMessage): void {
    this.#carrier.deliver(this, message);
  }
}
