import { type Attributes, Document, type Embed, equalJson, type JsonValue, type Operation } from "@tutti/ot";

/** Inserts as something to compare unit by unit. */
export class Content {
  readonly text: string;
  readonly #document: Document;
  readonly #embeds = new Map<number, Embed>();

  constructor(inserts: Operation) {
    this.#document = Document.fromOperation(inserts);
    this.text = this.#document.text();
    let index = 0;
    for (const { content } of runsOf(inserts)) {
      if (typeof content !== "string") this.#embeds.set(index, content);
      index += typeof content === "string" ? content.length : 1;
    }
  }

  get length(): number {
    return this.text.length;
  }

  /** The inserts of [from, to). */
  slice(from: number, to: number): Operation {
    return this.#document.slice(from, to);
  }

  /** Whether a unit here and a unit there are the same letter or embed; formatting does not count. */
  sameUnit(index: number, other: Content, otherIndex: number): boolean {
    if (this.text.charCodeAt(index) !== other.text.charCodeAt(otherIndex)) return false;
    return equalJson(this.#embeds.get(index), other.#embeds.get(otherIndex));
  }
}

/** The runs of inserts: content with its attributes. */
export function* runsOf(
  inserts: Operation,
): Generator<{ readonly content: string | Embed; readonly attributes: Attributes | undefined }, void, undefined> {
  for (const part of inserts) {
    if ("insert" in part) yield { content: part.insert, attributes: part.attributes };
  }
}

/** What a retain must carry to turn one set of attributes into another; undefined when they are equal. */
export function attributeChange(before: Attributes | undefined, after: Attributes | undefined): Attributes | undefined {
  const old = before ?? {};
  const now = after ?? {};
  const set: [string, JsonValue][] = Object.entries(now).filter(
    ([key, value]) => !(Object.hasOwn(old, key) && equalJson(old[key], value)),
  );
  const removed = Object.keys(old).filter((key) => !Object.hasOwn(now, key));
  const all = [...set, ...removed.map((key): [string, JsonValue] => [key, null])];
  return all.length === 0 ? undefined : Object.fromEntries(all);
}
