import { type Attendance, colourOf, type Device, type PersonPresent } from "@tutti/client";
import { describeActive } from "./describe-active.js";

/** Somebody as the app shows them: one face, however many tabs they have open. */
export interface Face {
  readonly id: string;
  readonly name: string;
  /** The one that others see beside their cursor, too. */
  readonly colour: string;
  readonly me: boolean;
  readonly activity: "editing" | "viewing";
  /** What they work with; of oneself, and of those who don't tell: empty. */
  readonly devices: readonly Device[];
  /** "active 5 minutes ago"; of oneself: empty. */
  readonly seen: string;
  /** They have a cursor in the text. */
  readonly located: boolean;
}

/** What faces are made of. */
export interface Gathering {
  /** The colour is that of `presence`; undefined while it is not known. */
  readonly me: { readonly id: string; readonly name: string; readonly colour: string | undefined };
  /** Whether I edit now. */
  readonly editing: boolean;
  readonly people: readonly PersonPresent[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Everybody whose name is known: those who edit first, oneself before the others, then by name. */
export function gatherFaces({ me, editing, people, now }: Gathering): readonly Face[] {
  const mine = people.find(({ user }) => user.id === me.id);
  const own: Face = {
    ...{ id: me.id, name: me.name, colour: me.colour ?? mine?.colour ?? colourOf(me.id), me: true },
    ...{ activity: editing ? "editing" : "viewing", devices: [], seen: "", located: false },
  };
  const others = people.filter((person) => person !== mine).map((person) => faceOf(person, now));
  return [own, ...others.sort(byName)].sort(byActivity);
}

/** Somebody of whom nothing but the name is known. */
export function faceOfUser({ id, name }: PersonPresent["user"]): Face {
  const unknown = { me: false, activity: "viewing", devices: [], seen: "", located: false } as const;
  return { id, name, colour: colourOf(id), ...unknown };
}

/** Persons who are here without a face: a crowd is known by number alone. 0 before the server has counted. */
export function countUnseen(faces: readonly Face[], attendance: Attendance | undefined): number {
  return Math.max(0, (attendance?.people ?? 0) - faces.length);
}

/** Whether two lists would look the same on the screen. */
export function sameFaces(a: readonly Face[], b: readonly Face[]): boolean {
  return a.length === b.length && a.every((face, index) => isSame(face, b[index]));
}

function faceOf({ user, colour, activity, active, cursor, tabs }: PersonPresent, now: number): Face {
  const devices = new Set(tabs.flatMap(({ device }) => device ?? []));
  return {
    ...{ id: user.id, name: user.name, colour, me: false, activity, devices: [...devices] },
    ...{ seen: describeActive(active, now), located: cursor !== null },
  };
}

const { compare } = new Intl.Collator("en-GB");
const byName = (a: Face, b: Face): number => compare(a.name, b.name) || compare(a.id, b.id);
const byActivity = (a: Face, b: Face): number => Number(a.activity === "viewing") - Number(b.activity === "viewing");

function isSame(a: Face, b: Face | undefined): boolean {
  if (b === undefined || a.id !== b.id || a.name !== b.name || a.colour !== b.colour) return false;
  if (a.activity !== b.activity || a.seen !== b.seen || a.located !== b.located) return false;
  return a.devices.join() === b.devices.join();
}

/** How somebody is called in lists. */
export const nameOf = ({ name, me }: Face): string => (me ? `${name} (you)` : name);
