import { TuttiError } from "@tutti/protocol";
import { StoreError } from "@tutti/server";
import type { SeededRandom } from "@tutti/testkit";
import type { OpenedDocument, Person } from "./person.js";
import type { ServerProcess } from "./server-process.js";
import type { World } from "./world.js";

/** What counts as vandalism in a simulated document: they are short, and so are runs (L4). */
export const VANDALISM = { length: 4, share: 50, window: 1500 } as const;

/** Now and then somebody deletes most of a document, and somebody else brings it back. */
export class Vandals {
  readonly #world: World;
  constructor(world: World) {
    this.#world = world;
  }

  /** @param end milliseconds since 1970 */
  start(end: number): void {
    const { plan, clock, random } = this.#world;
    if (plan.vandals === 0) return;
    const mine = random.fork("vandals");
    const next = (): void => {
      clock.schedule((-Math.log(1 - mine.next()) * 1000) / plan.vandals, () => {
        if (clock.now() > end) return;
        this.#strike(mine, end);
        next();
      });
    };
    next();
  }

  #strike(random: SeededRandom, end: number): void {
    const { people, clock, trace } = this.#world;
    const person = random.pick(people.filter(({ alive }) => alive));
    const opened = random.pick(person?.documents ?? []);
    if (person === undefined || opened === undefined || !canEdit(opened)) return;
    trace.add(person.name, "deletes nearly everything", opened.id);
    person.wipe(opened);
    const delay = Math.min(random.between(0, 4000), end - clock.now());
    clock.schedule(delay, () => this.#restore(opened.id, random));
  }

  #restore(document: string, random: SeededRandom): void {
    const { server, people } = this.#world;
    const person = random.pick(people.filter(({ alive }) => alive));
    if (server === undefined || person === undefined) return;
    this.#restoreAll(document, person, server.server.vandalism).catch((error: unknown) => {
      this.#world.trace.add(person.name, "can't restore", document, String(error));
      // Storage that fails, a server that stops, and places that others have, are what the run is about.
      if ((error instanceof TuttiError && error.retry) || error instanceof StoreError) return;
      this.#world.violations.push({ promise: "restored", message: `${document}: ${String(error)}` });
    });
  }

  async #restoreAll(
    document: string,
    { name, device }: Person,
    vandalism: ServerProcess["server"]["vandalism"],
  ): Promise<void> {
    const open = (await vandalism.list(document)).filter(({ settled }) => settled === undefined);
    const user = { id: device.name, name: device.name };
    for (const { version } of open) {
      const restored = await vandalism.restore(document, version, { user, role: "editor" });
      this.#world.trace.add(name, "restores", document, `v${version}`, `as v${restored.version}`);
    }
  }
}

const canEdit = ({ ready, handle }: OpenedDocument): boolean => ready && handle.writable && handle.length > 0;
