import type { Opened } from "@tutti/protocol";
import type { Gate } from "../document/outgoing.js";
import { later } from "../later.js";
import type { DocumentDetails } from "./details.js";
import type { OfflineOptions } from "./offline-documents.js";
import type { OfflineSession, OfflineSessionOptions } from "./offline-session.js";
import { OfflineStoreError } from "./offline-store.js";

/** Loads the code that keeps documents on the device. */
export const loadOfflineCode = later(() => import("./offline-code.js"));

type SessionOptions = Omit<OfflineSessionOptions, "offline">;
type MakeSession = (options: SessionOptions) => OfflineSession;

/** Where a client keeps documents between its lives (C3). */
export class Device {
  readonly #makeSession: () => Promise<MakeSession>;

  constructor(options: OfflineOptions) {
    this.#makeSession = later(async () => {
      const { OfflineDocuments, OfflineSession } = await loadOfflineCode();
      const offline = new OfflineDocuments(options);
      return (session) => new OfflineSession({ ...session, offline });
    });
  }

  session(options: SessionOptions): DeviceSession {
    return new DeviceSession(this.#makeSession, options);
  }
}

/** An `OfflineSession` whose code comes when the document is opened. */
export class DeviceSession implements Gate {
  readonly #make: () => Promise<MakeSession>;
  readonly #options: SessionOptions;
  #session: OfflineSession | undefined;
  #failed = false;

  constructor(make: () => Promise<MakeSession>, options: SessionOptions) {
    this.#make = make;
    this.#options = options;
  }

  get stored(): boolean {
    return this.#session?.stored ?? false;
  }

  get mayLeave(): boolean {
    return this.#session?.mayLeave ?? this.#failed;
  }

  /** As `OfflineSession.open`; where the code can't be loaded, as if nothing could be stored. */
  async open(): Promise<DocumentDetails | undefined> {
    try {
      const make = await this.#make();
      this.#session = make(this.#options);
    } catch (cause) {
      this.#failed = true;
      this.#options.events.failed(new OfflineStoreError("failed", "the code for it could not be loaded", { cause }));
    }
    return this.#session?.open();
  }

  live(details: Pick<Opened, "kind" | "title" | "role">): void {
    this.#session?.live(details);
  }

  async drained(): Promise<void> {
    await this.#session?.drained();
  }

  close(forget: boolean): void {
    this.#session?.close(forget);
  }
}
