import type { Operation } from "@tutti/ot";
import type { Cancel, Open, Visibility } from "@tutti/protocol";
import { Emitter } from "../emitter.js";
import { loadAfterwards } from "../loading-afterwards.js";
import type { Commit } from "./commits.js";
import type { CursorRange, Person, PersonPresent, PresenceHandle } from "./people.js";
import type { Presence, PresenceOptions, Told } from "./presence.js";

export interface DeferredPresenceOptions extends Omit<PresenceOptions, "changed"> {
  readonly visibility: Visibility;
  /** The person does something, while nobody else can see it. */
  rouse(): void;
  /** The code is here, or can't be had. */
  loaded(): void;
}

const NOBODY: readonly never[] = [];

/**
 * The presence of one document, whose code comes after the text: first one reads and writes, then one sees who else is
 * here. Where it can't be loaded, presence is not available, and nothing else is different (P1).
 */
export class DeferredPresence implements PresenceHandle {
  readonly #options: DeferredPresenceOptions;
  readonly #emitter = new Emitter<{ change: readonly Person[] }>();
  #presence: Presence | undefined;
  /** What happened while the code is on its way. */
  #missed: ((presence: Presence) => void)[] = [];
  #failed = false;
  #visibility: Visibility;
  /** What the server was told of it last; undefined: nothing, which means by name. */
  #told: Visibility | undefined;
  #live = false;

  constructor(options: DeferredPresenceOptions) {
    this.#options = options;
    this.#visibility = options.visibility;
  }

  get others(): readonly Person[] {
    return this.#presence?.others ?? NOBODY;
  }

  get people(): readonly PersonPresent[] {
    return this.#presence?.people ?? NOBODY;
  }

  get colour(): string | undefined {
    return this.#presence?.colour;
  }

  get available(): boolean {
    return this.#presence?.available ?? !this.#failed;
  }

  get visibility(): Visibility {
    return this.#visibility;
  }

  set visibility(visibility: Visibility) {
    this.#visibility = visibility;
    if (this.#live && this.#toTell) this.#announce();
  }

  /** For every message that says it. What a server may drop is told again and again; left out, it is by name (P5). */
  seenAs(): Pick<Open, "visibility"> {
    const visibility = this.#visibility;
    if (this.#toTell) this.#told = visibility;
    return this.#told === undefined ? {} : { visibility };
  }

  setCursor(cursor: CursorRange | null): void {
    if (!this.#live && cursor !== null) this.#options.rouse();
    this.#do((presence) => presence.setCursor(cursor));
  }

  on(event: "change", listener: (others: readonly Person[]) => void): Cancel {
    return this.#emitter.on(event, listener);
  }

  received(told: Told): void {
    // There is a server again, and so there may be the code.
    if (told.all === true) this.#failed = false;
    this.#do((presence) => presence.received(told));
  }

  committed(commit: Commit): void {
    this.#do((presence) => presence.committed(commit));
  }

  textChanged(delta: Operation, origin: "local" | "remote"): void {
    this.#do((presence) => presence.textChanged(delta, origin));
  }

  /** After every event. */
  settled(live: boolean): void {
    this.#live = live;
    this.#presence?.settled(live);
    // It may have changed while the answer to `open` was on its way.
    if (live && this.#toTell) this.#announce();
  }

  get #toTell(): boolean {
    return this.#visibility !== (this.#told ?? "named");
  }

  /** How others see me is another one: they are told at once, with or without the code, which has told no cursor yet. */
  #announce(): void {
    if (this.#presence !== undefined) this.#presence.announce();
    else this.#options.send(null, this.#options.activity());
  }

  #do(act: (presence: Presence) => void): void {
    if (this.#presence === undefined && loadAfterwards.loaded !== undefined) this.#begin(loadAfterwards.loaded);
    if (this.#presence !== undefined) act(this.#presence);
    else if (!this.#failed && this.#missed.push(act) === 1) void this.#load();
  }

  /** Never rejects. */
  async #load(): Promise<void> {
    try {
      this.#begin(await loadAfterwards());
    } catch {
      this.#missed = [];
      this.#failed = true;
    }
    this.#options.loaded();
  }

  #begin({ Presence }: Awaited<ReturnType<typeof loadAfterwards>>): void {
    if (this.#presence !== undefined) return;
    const changed = (): void => this.#emitter.emit("change", this.others);
    const presence = new Presence({ ...this.#options, changed });
    this.#presence = presence;
    for (const act of this.#missed) act(presence);
    this.#missed = [];
  }
}
