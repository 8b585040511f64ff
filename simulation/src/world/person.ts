import type { Conflict, DocumentError, DocumentHandle, RebaseEngine, TokenSource } from "@tutti/client";
import { Document } from "@tutti/ot";
import { TuttiError } from "@tutti/protocol";
import {
  type DeviceTab,
  type MortalClock,
  randomOperation,
  type SeededRandom,
  type SimulatedHost,
  type VirtualClock,
} from "@tutti/testkit";
import type { ClientFactory, SimulatedClient } from "./client-factory.js";
import type { Device } from "./device.js";
import type { DurableVersions } from "./durable-versions.js";
import type { Ledger } from "./ledger.js";
import { StatusWatch } from "./status-watch.js";
import type { Trace } from "./trace.js";
import type { Violation } from "./violation.js";
import { type Listener, Witness } from "./witness.js";
import type { WrongTransforms } from "./wrong-transforms.js";

export interface PersonSettings {
  readonly name: string;
  readonly host: SimulatedHost;
  readonly device: Device;
  readonly token: TokenSource;
  readonly engine: RebaseEngine;
  readonly wrongTransforms: WrongTransforms;
  readonly factory: ClientFactory;
  readonly versions: DurableVersions;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly ledger: Ledger;
  readonly trace: Trace;
  readonly violations: Violation[];
  /** There are fewer places than people. */
  readonly crowded: boolean;
  /** Told of every message on the wire. */
  readonly listener?: Listener;
}

/** One document as one person has it open, and what its events told of it. */
export interface OpenedDocument {
  readonly id: string;
  readonly handle: DocumentHandle;
  /** Made of the `change` events alone: it must always be what `content()` says. */
  told: Document;
  ready: boolean;
  /** Inserted since `saved` was asked for last. */
  unsaved: string[];
}

/** What a person may be told while things break. All else means that something was lost, or that client and server differ. */
const HARMLESS: ReadonlySet<DocumentError["code"]> = new Set([
  "storage_unavailable",
  "shutting_down",
  "overloaded",
  "unauthenticated",
  "offline_storage_refused",
  "offline_storage_full",
  "offline_storage_failed",
]);

/** What may be said besides where a journal could not be deleted, or transforms are wrong: the person has to decide then. */
const UNCERTAIN: ReadonlySet<DocumentError["code"]> = new Set(["sequence_gap", "internal", "offline_storage_damaged"]);

/** What may be said of a wish that came too late, or too early: somebody else had decided meanwhile (S11). */
const OVERTAKEN: ReadonlySet<DocumentError["code"]> = new Set(["rate_limited", "forbidden"]);

/** Milliseconds that it takes a person to choose what is to become of a conflict. */
const CHOOSING = 900;
/** Milliseconds that it takes a person to sign in again. */
const SIGNING_IN = 700;

/** Somebody with a client of their own (one tab of one device), who edits at random and watches what the client says. */
export class Person {
  readonly name: string;
  readonly host: SimulatedHost;
  readonly device: Device;
  readonly witness: Witness;
  /** The tab's part of the device's storage. */
  readonly tab: DeviceTab | undefined;
  readonly documents: OpenedDocument[] = [];
  readonly #settings: PersonSettings;
  readonly #clock: MortalClock;
  readonly #client: SimulatedClient;
  readonly #statuses: StatusWatch;
  /** The person had to choose between two texts. */
  asked = false;
  #alive = true;
  #happened = 0;

  constructor(settings: PersonSettings) {
    this.name = settings.name;
    this.host = settings.host;
    this.device = settings.device;
    this.tab = settings.device.storage?.openTab();
    this.witness = new Witness(settings.host, settings.listener);
    this.#settings = settings;
    this.#clock = settings.clock.mortal();
    this.#statuses = new StatusWatch(this, settings, (promise, message) => this.#violated(promise, message));
    const options = {
      url: "http://simulation",
      token: settings.token,
      environment: {
        clock: this.#clock,
        random: settings.random.fork("client"),
        transport: this.witness,
        engine: settings.engine,
      },
    };
    this.#client = settings.factory(options, this.tab);
    this.#signInAgain();
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Grows with everything that happens to or around this person. */
  get revision(): number {
    return this.#happened + this.witness.messages + (this.device.storage?.steps ?? 0);
  }

  open(id: string): void {
    const opened: OpenedDocument = {
      id,
      handle: this.#client.open(id),
      told: Document.empty,
      ready: false,
      unsaved: [],
    };
    this.documents.push(opened);
    const { trace, ledger } = this.#settings;
    opened.handle.on("change", ({ delta, origin }) => {
      this.#happened += 1;
      if (origin === "local") ledger.edited(this.name, id, delta, opened.told.text());
      opened.told = opened.told.apply(delta);
      trace.add(this.name, origin, id, `v${opened.handle.version}`, delta);
      this.#watch(opened);
    });
    opened.handle.on("status", (status) => {
      this.#happened += 1;
      trace.add(this.name, "status", id, status);
      this.#watch(opened);
      if (this.#alive) this.#statuses.check(opened, true);
    });
    opened.handle.on("error", (error) => {
      this.#happened += 1;
      trace.add(this.name, "error", id, error);
      // What an engine that was wrong has written down may fit nothing any more.
      if (error.code === "offline_storage_damaged" && this.#isUncertain) this.asked = true;
      if (
        HARMLESS.has(error.code) ||
        (this.#settings.crowded && OVERTAKEN.has(error.code)) ||
        (this.#isUncertain && UNCERTAIN.has(error.code))
      )
        return;
      if (error.code === "offline_storage_damaged" && this.device.storage?.conditions.tears === true) return;
      this.#violated("no error", `${this.name} was told ${error.code} (${error.message}) about ${id}`);
    });
    opened.handle.on("conflict", () => this.#choose(opened));
    opened.handle.on("attendance", ({ mode, place, editors, places, line, refused }) => {
      this.#happened += 1;
      trace.add(this.name, "attendance", id, mode, place, `${editors} of ${places}`, { line, refused });
    });
    opened.handle.ready.then(
      () => this.#becameReady(opened),
      (error: unknown) => {
        if (this.#alive) this.#violated("no error", `${this.name} could not open ${id}: ${String(error)}`);
      },
    );
  }

  /** One random edit, or with `undo` now and then a step back or forth. */
  act(random: SeededRandom, undo: boolean): void {
    const opened = random.pick(this.documents);
    if (!this.#alive || opened === undefined || !opened.ready || !opened.handle.writable) return;
    if (!undo || random.chance(0.7)) this.#edit(opened, random);
    else if (random.chance(0.6)) opened.handle.undo();
    else opened.handle.redo();
    this.#watch(opened);
    if (random.chance(0.3)) this.#save(opened);
    if (random.chance(0.1)) this.#persist(opened);
    if (random.chance(0.2)) this.#moveCursor(opened, random);
  }

  /** Deletes all but the first character. */
  wipe(opened: OpenedDocument): void {
    const kept = String.fromCodePoint(opened.handle.text().codePointAt(0) ?? 0).length;
    opened.handle.delete(kept, opened.handle.length - kept);
    this.#watch(opened);
  }

  /** Inserts what everybody else may insert there too. */
  sing(text: string): void {
    if (!this.#alive) return;
    for (const { handle, ready } of this.documents) if (ready && handle.writable) handle.insert(0, text);
  }

  /** Asks to be told when everything is durable. */
  save(): void {
    for (const opened of this.documents) this.#save(opened);
  }

  /** Between two things that happen: is what can be read true? */
  look(): void {
    if (!this.#alive) return;
    for (const opened of this.documents) this.#statuses.checkChanges(opened);
  }

  /** These documents must be there by now, with or without network. */
  expectReady(documents: ReadonlySet<string>): void {
    for (const { id, ready } of this.documents) {
      if (documents.has(id) && !ready) this.#violated("offline", `${this.name} can't open ${id} without network`);
    }
  }

  /** Leaves properly: what is not saved yet is still sent, if the network allows. */
  leave(): void {
    this.#alive = false;
    this.#client.close();
  }

  /** The process is gone, with everything that was not saved. */
  die(): void {
    this.#alive = false;
    this.#clock.kill();
    this.witness.die();
    for (const link of this.host.links) link.killClient();
    this.tab?.die();
  }

  /** Where the server takes no token any more, the person signs in again. */
  #signInAgain(): void {
    this.#client.on("connection", ({ state, error }) => {
      if (state !== "stopped" || error?.code !== "unauthenticated") return;
      this.#clock.schedule(SIGNING_IN, () => this.#client.setToken(this.#settings.token));
    });
  }

  #becameReady(opened: OpenedDocument): void {
    opened.ready = true;
    // The content that a document opens with is no change.
    opened.told = Document.fromOperation(opened.handle.content());
    this.#settings.trace.add(this.name, "ready", opened.id, `v${opened.handle.version}`);
  }

  /** Asked what is to become of two texts, the person wants both. */
  #choose({ id, handle }: OpenedDocument): void {
    const { conflict } = handle;
    if (conflict === undefined) return;
    this.asked = true;
    this.#settings.trace.add(this.name, "conflict", id, conflict.reason);
    if (!this.#isUncertain) {
      this.#violated("no error", `${this.name} was asked about a conflict in ${id}: ${conflict.reason}`);
    }
    this.#mergeLater(handle, conflict);
  }

  /** Whoever only views for now can make no edit of it: they ask for a place, and choose again (S11). */
  #mergeLater(handle: DocumentHandle, conflict: Conflict): void {
    this.#clock.schedule(CHOOSING, () => {
      if (handle.conflict !== conflict) return;
      try {
        conflict.merge();
      } catch (error) {
        if (!(error instanceof TuttiError) || error.code !== "viewing_only") throw error;
        handle.askToEdit();
        this.#mergeLater(handle, conflict);
      }
    });
  }

  #edit(opened: OpenedDocument, random: SeededRandom): void {
    const { ledger } = this.#settings;
    const rich = opened.handle.kind === "rich";
    const text = (): string => {
      const mark = ledger.unique(this.name, opened.id);
      opened.unsaved.push(mark);
      return random.chance(0.3) ? `${mark}${random.pick(["a", " ", "\n", "\u00e9"] as const)}` : mark;
    };
    const operation = randomOperation(random, opened.told, { steps: 4, text, rich });
    opened.handle.edit(operation);
  }

  #save(opened: OpenedDocument): void {
    const { versions, ledger, trace } = this.#settings;
    const marks = opened.unsaved;
    opened.unsaved = [];
    opened.handle.saved().then(
      () => {
        if (!this.#alive) return;
        const version = versions.newest(opened.id);
        trace.add(this.name, "saved", opened.id, `disk v${version}`);
        ledger.saved(marks, version);
      },
      (error: unknown) => {
        if (!this.#alive || this.#isUncertain) return;
        this.#violated("no error", `${this.name} was told that ${opened.id} is lost: ${String(error)}`);
      },
    );
  }

  get #isUncertain(): boolean {
    return this.device.storage?.haunted === true || this.#settings.wrongTransforms.made > 0;
  }

  /** What is said to be stored on the device must be there. */
  #persist({ id, handle }: OpenedDocument): void {
    const { ledger } = this.#settings;
    const mark = ledger.newestMark(this.name, id);
    handle.persisted().then(
      () => {
        if (!this.#alive || !handle.stored || handle.unsaved === 0 || mark === undefined) return;
        // Nobody has to keep what was taken back before it was written down.
        if (mark.deletedBy.has(this.name)) return;
        if (!ledger.holds(this.name, id, mark.edit))
          this.#violated("stored", `edit ${mark.edit} of ${this.name} in ${id} is not`);
      },
      (error: unknown) => this.#violated("no error", `${this.name}: persisted() of ${id} failed: ${String(error)}`),
    );
  }

  #moveCursor({ handle }: OpenedDocument, random: SeededRandom): void {
    const position = random.between(0, handle.length);
    handle.presence.setCursor({ anchor: position, head: position });
  }

  /** Nothing leaves the server before it is durable (S1). */
  #watch({ id, handle }: OpenedDocument): void {
    const durable = this.#settings.versions.newest(id);
    if (handle.version <= durable) return;
    this.#violated("durability", `${this.name} has v${handle.version} of ${id}, the disk v${durable}`);
  }

  #violated(promise: string, message: string): void {
    this.#settings.violations.push({ promise, message });
    this.#settings.trace.add(this.name, "VIOLATION", message);
  }
}
