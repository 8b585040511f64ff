import type { Device, Presence, Role, Visibility } from "@tutti/protocol";
import type { Place } from "../../src/delivery/participant.js";
import type { SharedMessage } from "../../src/delivery/shared-message.js";
import type { PresenceParticipant } from "../../src/presence/presence-state.js";

/** Somebody in a document without a connection: keeps what it is sent. */
export class FakeParticipant implements PresenceParticipant {
  readonly client: string;
  readonly user;
  readonly pieces = true;
  readonly attends = true;
  readonly introduction = {};
  readonly visibility: Visibility;
  readonly device: Device | undefined = undefined;
  role: Role = "editor";
  place: Place = "editing";
  hasRoom = true;
  lastHeard = Number.POSITIVE_INFINITY;
  readonly sent: SharedMessage[] = [];
  /** Thrown at whoever sends something here. */
  broken: Error | undefined;

  constructor(user: string, visibility: Visibility = "named") {
    this.client = `${user}-1`;
    this.user = { id: user, name: user };
    this.visibility = visibility;
  }

  send(message: SharedMessage): void {
    if (this.broken !== undefined) throw this.broken;
    this.sent.push(message);
  }

  get heard(): readonly Presence[] {
    return this.sent.map(({ message }) => message).filter((message) => message.type === "presence");
  }

  get last(): Presence | undefined {
    return this.heard.at(-1);
  }
}
