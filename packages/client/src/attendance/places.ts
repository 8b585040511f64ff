import type { Alert as AlertMessage, Attendance as AttendanceMessage, UpMessage } from "@tutti/protocol";
import type { Alert, Attendance } from "./attendance.js";

export interface PlacesEvents {
  attendance(attendance: Attendance): void;
  alert(alert: Alert): void;
  /** Does nothing without a connection. */
  send(message: UpMessage): void;
}

/** My place in a document with more people than may edit at once (S11), and what is told to those who look after it (L4). */
export class Places {
  readonly #document: string;
  readonly #events: PlacesEvents;
  #attendance: Attendance | undefined;
  #alerts: readonly Alert[] = [];
  /** I want to edit; it outlasts a lost connection. */
  #wish = false;
  /** On this connection, the server knows the wish. */
  #asked = false;
  /** The place that I wanted no more while there was no connection. */
  #left: Attendance["place"] | undefined;
  #live = false;
  /** The alerts are those of an earlier connection. */
  #anew = false;

  constructor(document: string, events: PlacesEvents) {
    this.#document = document;
    this.#events = events;
  }

  /** As the server told last; undefined: never. */
  get attendance(): Attendance | undefined {
    return this.#attendance;
  }

  /** Not settled, oldest first. */
  get alerts(): readonly Alert[] {
    return this.#alerts;
  }

  /** After every event. @param live the document is open on the server; otherwise what it tells next comes anew */
  settled(live: boolean): void {
    if (live) this.#forgetOld();
    else if (this.#live) [this.#asked, this.#anew] = [false, true];
    this.#live = live;
  }

  /** @param live the document is open on the server; a wish that is not told now is told when it is */
  ask(live: boolean): void {
    this.#wish = true;
    this.#left = undefined;
    if (live) this.#tellWish();
  }

  /**
   * Takes the wish back, or gives the place up.
   * @param live likewise, if the server has kept it by then
   */
  stop(live: boolean): void {
    this.#wish = false;
    if (live) this.#tell("view");
    else this.#left = this.#attendance?.place;
  }

  decide(user: string, edit: boolean): void {
    this.#events.send({ type: "decide", document: this.#document, user, edit });
  }

  moderate(moderated: boolean): void {
    this.#events.send({ type: "moderate", document: this.#document, moderated });
  }

  heard({ type, document, ...told }: AttendanceMessage): void {
    const { refused = false, asking = [], named = [], place } = told;
    const left = this.#left === place && place !== "viewing";
    this.#left = undefined;
    this.#attendance = { ...told, refused, asking, named };
    if (left) {
      this.#tell("view");
    } else if (this.#wish && !this.#asked && place === "viewing") {
      this.#tellWish();
    } else {
      // Once the server knows it, what it says counts: it was granted, refused, or taken back in another tab.
      this.#wish = this.#asked = place === "asking";
    }
    this.#events.attendance(this.#attendance);
  }

  alerted({ type, document, settled = false, ...told }: AlertMessage): void {
    this.#forgetOld();
    const alert = { ...told, settled };
    const others = this.#alerts.filter(({ version, kind }) => version !== alert.version || kind !== alert.kind);
    const known = others.length < this.#alerts.length;
    this.#alerts = settled ? others : [...others, alert].sort((one, other) => one.version - other.version);
    // Whoever gets a place is told of all there are, again.
    if (settled || !known) this.#events.alert(alert);
  }

  #forgetOld(): void {
    if (this.#anew) this.#alerts = [];
    this.#anew = false;
  }

  #tellWish(): void {
    this.#asked = true;
    this.#tell("edit");
  }

  #tell(wish: "edit" | "view"): void {
    this.#events.send({ type: "ask", document: this.#document, wish });
  }
}
