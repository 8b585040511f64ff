import type { DocumentHandle } from "@tutti/client";
import type { SeededRandom } from "@tutti/testkit";
import type { Person } from "./person.js";
import type { World } from "./world.js";

/** Times between two looks at who still needs a place, in milliseconds. */
const ROTATION = 300;

/** What people do where there are fewer places than people: ask, give up, let others in, moderate (S11). */
export class CrowdLife {
  readonly #world: World;
  #rotating = false;

  constructor(world: World) {
    this.#world = world;
  }

  /** One person, who now and then wants something until they are gone. @param end milliseconds since 1970 */
  live(person: Person, end: number): void {
    const { plan, clock, random } = this.#world;
    const { crowd } = plan;
    if (crowd === undefined || crowd.wishes === 0) return;
    const mine = random.fork(`wishes of ${person.name}`);
    const next = (): void => {
      clock.schedule((-Math.log(1 - mine.next()) * 1000) / crowd.wishes, () => {
        if (!person.alive || clock.now() > end) return;
        this.#act(person, mine);
        next();
      });
    };
    next();
  }

  /** The owner of everything begins to moderate, and ends it. @param end milliseconds since 1970 */
  moderate(end: number): void {
    const { plan, clock, random } = this.#world;
    const rate = plan.crowd?.moderations ?? 0;
    if (rate === 0) return;
    const mine = random.fork("moderation");
    const next = (): void => {
      clock.schedule((-Math.log(1 - mine.next()) * 1000) / rate, () => {
        if (clock.now() > end) return;
        const owner = this.#world.people.find(({ alive, device }) => alive && device.name === "ann");
        const opened = mine.pick(owner?.documents ?? []);
        if (opened?.ready) opened.handle.moderate(mine.chance(0.5));
        next();
      });
    };
    next();
  }

  /** From now on people let each other in until everybody's text is saved: whoever has nothing to write makes room. */
  rotate(): void {
    if (this.#rotating || this.#world.plan.crowd === undefined) return;
    this.#rotating = true;
    const look = (): void => {
      if (!this.#rotating) return;
      for (const { id } of this.#world.plan.documents) this.#makeRoom(id);
      this.#world.clock.schedule(ROTATION, look);
    };
    look();
  }

  /** Everybody keeps what they have. */
  rest(): void {
    this.#rotating = false;
  }

  #act(person: Person, random: SeededRandom): void {
    const opened = random.pick(person.documents);
    if (opened === undefined || !opened.ready) return;
    const { handle } = opened;
    const { attendance } = handle;
    if (attendance === undefined) return;
    const { place, asking, named } = attendance;
    const other = random.pick([...asking, ...named]);
    this.#world.trace.add(person.name, "wishes", opened.id, place, `${asking.length} ask`);
    if (place === "viewing") handle.askToEdit();
    else if (other !== undefined && random.chance(0.8)) handle.decide(other.id, random.chance(0.6));
    else if (random.chance(place === "asking" ? 0.2 : 0.5)) handle.stopEditing();
  }

  #makeRoom(document: string): void {
    const tabs = this.#world.people
      .filter(({ alive }) => alive)
      .flatMap((person) =>
        person.documents.filter(({ id }) => id === document).map(({ handle }) => ({ person, handle })),
      );
    if (tabs.some(({ handle }) => handle.attendance?.mode === "moderated")) this.#endModeration(document);
    const needy = new Set(tabs.filter((tab) => this.#needsPlace(tab)).map(({ person }) => person.device.name));
    for (const { person, handle } of tabs) {
      const { place, refused } = handle.attendance ?? {};
      const needs = needy.has(person.device.name);
      if (needs && place === "viewing" && refused === false) handle.askToEdit();
      if (!needs && place === "editing" && needy.size > 0) handle.stopEditing();
    }
  }

  /** Something of the person's is not durable yet, here or left behind on the device. */
  #needsPlace({ person, handle }: { readonly person: Person; readonly handle: DocumentHandle }): boolean {
    return handle.unsaved > 0 || this.#world.leftBehind(person.device) > 0;
  }

  /** Over HTTP: the owner may have gone. */
  #endModeration(document: string): void {
    const { server, trace } = this.#world;
    trace.add("ann", "ends the moderation", document);
    server?.server.attendance.moderate({ id: document, createdBy: "ann" }, "ann", false).catch((error: unknown) => {
      trace.add("ann", "can't", String(error));
    });
  }
}
