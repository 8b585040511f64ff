import type { Attendance, User } from "@tutti/protocol";
import { SharedMessage } from "../delivery/shared-message.js";
import type { Figures, Roll } from "./roll.js";

/** Of those who ask, and of those who are named, so many are named in a message; the figures count all of them. */
const MOST_NAMES = 100;

interface Notice {
  /** What it says, to tell whether another one says the same. */
  readonly text: string;
  readonly message: SharedMessage;
}

/**
 * What people are told about the attendance of one document: one message for all who are told the same, and the same
 * message as long as nothing of it has changed.
 */
export class Notices {
  readonly #document: string;
  readonly #roll: Roll;
  readonly #nameOf: (id: string) => string;
  #figures: Figures;
  #updates: number | undefined;
  #line = new Map<string, number>();
  #asking: readonly User[] = [];
  /** By what makes them different; those of the newest state, and those of earlier ones. */
  readonly #current = new Map<string, Notice>();
  readonly #earlier = new Map<string, Notice>();

  /** @param nameOf of a person by id, as far as it is known */
  constructor(document: string, roll: Roll, nameOf: (id: string) => string) {
    this.#document = document;
    this.#roll = roll;
    this.#nameOf = nameOf;
    this.#figures = roll.figures;
  }

  /** The roll has changed. @param updates milliseconds between two updates to those who view; undefined: at once */
  renew(updates: number | undefined): void {
    for (const [key, notice] of this.#current) this.#earlier.set(key, notice);
    this.#current.clear();
    this.#figures = this.#roll.figures;
    this.#updates = updates;
    this.#asking = this.#roll.asking;
    this.#line = new Map(this.#asking.map(({ id }, index) => [id, index + 1]));
  }

  /** What this person is told now: the same object as before where it is the same. */
  for(id: string): SharedMessage {
    const { place, refused } = this.#roll.standing(id);
    const line = place === "asking" ? (this.#line.get(id) ?? this.#asking.length) : undefined;
    const decides = this.#roll.mayDecide(id);
    const owns = this.#roll.person(id)?.role === "owner";
    const key = [place, line, refused, decides, owns].join();
    const known = this.#current.get(key);
    if (known !== undefined) return known.message;
    const notice = this.#reused(key, {
      document: this.#document,
      ...this.#counted(),
      place,
      ...(line === undefined ? undefined : { line }),
      ...(refused ? { refused } : undefined),
      ...(decides ? { asking: this.#asking.slice(0, MOST_NAMES) } : undefined),
      ...(owns && this.#figures.mode === "moderated" ? { named: this.#named() } : undefined),
    });
    this.#current.set(key, notice);
    return notice.message;
  }

  #counted(): Pick<Attendance, "mode" | "people" | "editors" | "places" | "updates"> {
    const { mode, people, editors, places } = this.#figures;
    const updates = this.#updates === undefined ? undefined : { updates: Math.max(1, Math.round(this.#updates)) };
    return { mode, people, editors, places, ...updates };
  }

  #named(): readonly User[] {
    return this.#roll.named.slice(0, MOST_NAMES).map((id) => ({ id, name: this.#nameOf(id) }));
  }

  #reused(key: string, fields: Omit<Attendance, "type">): Notice {
    const text = JSON.stringify(fields);
    const earlier = this.#earlier.get(key);
    this.#earlier.delete(key);
    if (earlier?.text === text) return earlier;
    return { text, message: new SharedMessage({ type: "attendance", ...fields }) };
  }
}
