import { type Attributes, type Component, type Embed, isDelete, isInsert, isRetain, type Operation } from "@tutti/ot";
import {
  type ColumnsReader,
  type ColumnsWriter,
  Dictionary,
  fromZigzag,
  readDictionary,
  zigzag,
} from "./segment-columns.js";

/*
 * Operations as columns. Most operations of a log are of one shape ("keep n units, insert text") and each goes on where
 * the one before of the same author ended: shapes become one small number, positions mostly zeros, and all text stands
 * together.
 */

export const OPERATION_COLUMNS = ["shapes", "shape", "start", "length", "units", "json", "jsons", "text"] as const;
export type OperationColumn = (typeof OPERATION_COLUMNS)[number];

/** What kind of component, as a bit field; a shape is the list of them, as a text. */
const RETAIN = 0;
const DELETE = 1;
const TEXT = 2;
const EMBED = 3;
const KIND = 3;
const ATTRIBUTES = 4;
const CONTINUES = 8;
/** A retain with more than attributes, as JSON: changes of embeds, components of kinds to come. */
const EXTENDED = 16;

export class OperationsWriter {
  readonly #out: ColumnsWriter<OperationColumn>;
  readonly #shapes = new Dictionary();
  readonly #jsons = new Dictionary();
  readonly #ends = new Map<number, number>();
  readonly #texts: string[] = [];

  constructor(out: ColumnsWriter<OperationColumn>) {
    this.#out = out;
  }

  /** @param author any number that stands for who made it: positions are those relative to the author's last edit */
  write(operation: Operation, author: number): void {
    const shape = operation.map((part) => bitsOf(part));
    this.#out.column("shape").varint(this.#shapes.indexOf(shape.join(" ")));
    for (const [index, part] of operation.entries()) {
      if ((bitsOf(part) & EXTENDED) !== 0) this.#json(part);
      else if (isDelete(part)) this.#out.column("length").varint(part.delete);
      else if (isInsert(part)) this.#content(part.insert);
      else if (index === 0) this.#start(part.retain, author);
      else this.#out.column("length").varint(part.retain);
      if (hasAttributes(part)) this.#json(part.attributes);
    }
    this.#ends.set(author, endOf(operation));
  }

  finish(): void {
    this.#out.column("shapes").bytes(this.#shapes.toBytes());
    this.#out.column("jsons").bytes(this.#jsons.toBytes());
    this.#out.column("text").bytes(Buffer.from(this.#texts.join("")));
  }

  #start(position: number, author: number): void {
    this.#out.column("start").varint(zigzag(position - (this.#ends.get(author) ?? 0)));
  }

  #content(content: string | Embed): void {
    if (typeof content !== "string") {
      this.#json(content);
      return;
    }
    this.#out.column("units").varint(content.length);
    this.#texts.push(content);
  }

  #json(value: unknown): void {
    this.#out.column("json").varint(this.#jsons.indexOf(JSON.stringify(value)));
  }
}

export class OperationsReader {
  readonly #in: ColumnsReader<OperationColumn>;
  readonly #shapes: readonly (readonly number[])[];
  readonly #jsons: readonly string[];
  readonly #text: string;
  readonly #ends = new Map<number, number>();
  #at = 0;

  constructor(input: ColumnsReader<OperationColumn>) {
    this.#in = input;
    const shapes = readDictionary(input.column("shapes").rest());
    this.#shapes = shapes.map((shape) => (shape === "" ? [] : shape.split(" ").map(Number)));
    this.#jsons = readDictionary(input.column("jsons").rest());
    this.#text = Buffer.from(input.column("text").rest()).toString();
  }

  /** The next one; `author` as it was written. */
  read(author: number): Operation {
    const shape = this.#shapes[this.#in.column("shape").varint()];
    if (shape === undefined) throw new RangeError("no such shape");
    const operation = shape.map((bits, index) => this.#component(bits, index, author));
    this.#ends.set(author, endOf(operation));
    return operation;
  }

  /** That nothing is left over. */
  get done(): boolean {
    return this.#at === this.#text.length && OPERATION_COLUMNS.every((name) => this.#in.column(name).done);
  }

  #component(bits: number, index: number, author: number): Component {
    if ((bits & EXTENDED) !== 0) return this.#json() as Component;
    if ((bits & KIND) === DELETE) return { delete: this.#in.column("length").varint() };
    const value = this.#value(bits & KIND, index, author);
    const attributes = (bits & ATTRIBUTES) === 0 ? undefined : { attributes: this.#json() as Attributes };
    if (typeof value === "number") return { retain: value, ...attributes };
    return { insert: value, ...attributes, ...((bits & CONTINUES) === 0 ? undefined : { continues: true as const }) };
  }

  /** What a retain counts, or an insert puts. */
  #value(kind: number, index: number, author: number): number | string | Embed {
    if (kind === TEXT) return this.#string(this.#in.column("units").varint());
    if (kind === EMBED) return this.#json() as Embed;
    if (index > 0) return this.#in.column("length").varint();
    return fromZigzag(this.#in.column("start").varint()) + (this.#ends.get(author) ?? 0);
  }

  #string(units: number): string {
    const end = this.#at + units;
    if (end > this.#text.length) throw new RangeError("text is cut short");
    const text = this.#text.slice(this.#at, end);
    this.#at = end;
    return text;
  }

  #json(): unknown {
    const json = this.#jsons[this.#in.column("json").varint()];
    if (json === undefined) throw new RangeError("no such value");
    // Parsed anew each time: values that are handed out share nothing.
    return JSON.parse(json);
  }
}

function bitsOf(part: Component): number {
  if (isDelete(part)) return DELETE;
  const attributes = hasAttributes(part) ? ATTRIBUTES : 0;
  if (isRetain(part)) {
    return part.change === undefined && part.skipped === undefined ? RETAIN | attributes : EXTENDED;
  }
  const kind = typeof part.insert === "string" ? TEXT : EMBED;
  return kind | attributes | (part.continues === true ? CONTINUES : 0);
}

const hasAttributes = (part: Component): part is Exclude<Component, { delete: number }> & { attributes: Attributes } =>
  !isDelete(part) && part.attributes !== undefined && (isInsert(part) || (part.change ?? part.skipped) === undefined);

/** Where typing goes on: behind the first thing that the operation does. */
function endOf(operation: Operation): number {
  const [first, second] = operation;
  if (first === undefined) return 0;
  if (isInsert(first)) return unitsOf(first.insert);
  if (isDelete(first)) return 0;
  return first.retain + (second !== undefined && isInsert(second) ? unitsOf(second.insert) : 0);
}

const unitsOf = (content: string | Embed): number => (typeof content === "string" ? content.length : 1);
