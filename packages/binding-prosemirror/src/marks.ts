import type { Attributes, JsonValue } from "@tutti/ot";
import { Mark } from "prosemirror-model";
import { tuttiSchema } from "./schema.js";

/** The marks that are on or off: `{ bold: true }` in a Delta. */
export const SWITCH_MARKS = ["bold", "italic", "underline", "strike", "code"] as const;
export type SwitchMark = (typeof SWITCH_MARKS)[number];

/** The marks that show the attributes of a run. What has no mark of its own goes into `unknown`, as it is. */
export function marksFromAttributes(attributes: Attributes | undefined): readonly Mark[] {
  if (attributes === undefined) return [];
  const marks: Mark[] = [];
  const rest: [string, JsonValue][] = [];
  for (const [key, value] of Object.entries(attributes)) {
    const mark = markFor(key, value);
    if (mark === undefined) rest.push([key, value]);
    else marks.push(mark);
  }
  if (rest.length > 0) marks.push(tuttiSchema.marks.unknown.create({ attributes: Object.fromEntries(rest) }));
  return marks;
}

/** Inverse of `marksFromAttributes`; undefined for no marks. Where `unknown` says something else, the mark counts. */
export function attributesFromMarks(marks: readonly Mark[]): Attributes | undefined {
  if (marks.length === 0) return undefined;
  const unknownFirst = [...marks].sort((a, b) => rank(a) - rank(b));
  return Object.fromEntries(unknownFirst.flatMap(entriesOf));
}

/** The marks as `marksFromAttributes` would make them: without values in `unknown` that a mark has replaced. */
export function consistentMarks(marks: readonly Mark[]): readonly Mark[] {
  return Mark.setFrom(marksFromAttributes(attributesFromMarks(marks)));
}

const rank = (mark: Mark): number => (mark.type === tuttiSchema.marks.unknown ? 0 : 1);

function markFor(key: string, value: JsonValue): Mark | undefined {
  if (key === "link" && typeof value === "string") return tuttiSchema.marks.link.create({ href: value });
  const name = SWITCH_MARKS.find((known) => known === key);
  return name !== undefined && value === true ? tuttiSchema.marks[name].create() : undefined;
}

function entriesOf(mark: Mark): [string, JsonValue][] {
  if (mark.type === tuttiSchema.marks.link) return [["link", String(mark.attrs["href"])]];
  if (mark.type === tuttiSchema.marks.unknown) return Object.entries(mark.attrs["attributes"] as Attributes);
  return [[mark.type.name, true]];
}
