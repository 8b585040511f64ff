import type { Attendance, DocumentHandle } from "@tutti/client";
import type { Person } from "../world/person.js";
import type { Violation } from "../world/violation.js";
import type { World } from "../world/world.js";
import { quiet } from "./quiet.js";

/** Time (ms) in which everybody must have been told, and whoever asks have got an answer. */
const QUIET = 2000;

/**
 * Everybody knows how they stand, as the server has it, and the same figures; whoever asks for a place gets it, is in
 * line for it, or was refused (S11).
 */
export async function checkPlaces(world: World): Promise<readonly Violation[]> {
  const found: Violation[] = [];
  const report = (message: string): void => {
    found.push({ promise: "places", message });
  };
  const living = world.people.filter(({ alive }) => alive);
  const asked = new Set(living.flatMap(({ documents }) => documents.filter(({ handle }) => asks(handle))));
  for (const opened of asked) {
    // Somebody said no a moment ago.
    opened.handle.on("error", ({ code }) => code === "rate_limited" && asked.delete(opened));
    opened.handle.askToEdit();
  }
  await quiet(world, QUIET);
  for (const { id, handle } of asked) {
    const { place, refused } = handle.attendance ?? {};
    if (place === "viewing" && refused === false) report(`somebody asked for a place in ${id} and got no answer`);
  }
  for (const { id } of world.plan.documents) {
    const attended = living.flatMap((person) => {
      const { attendance } = person.documents.find((opened) => opened.id === id)?.handle ?? {};
      if (attendance === undefined) report(`${person.name} was never told about places in ${id}`);
      return attendance === undefined ? [] : [{ person, attendance }];
    });
    compareWithServer(world, id, attended, report);
    compareFigures(id, attended, report);
    compareLine(id, attended, report);
  }
  return found;
}

const asks = ({ attendance }: DocumentHandle): boolean =>
  attendance?.place === "viewing" && attendance.refused === false;

type Attended = readonly { readonly person: Person; readonly attendance: Attendance }[];

function compareWithServer(world: World, id: string, attended: Attended, report: (message: string) => void): void {
  const participants = [...(world.server?.server.documents.loaded(id)?.participants ?? [])];
  for (const { person, attendance } of attended) {
    const { client } = person.witness.about(id);
    const place = participants.find((participant) => participant.client === client)?.place;
    const told = attendance.place === "editing" ? "editing" : "viewing";
    if (place !== told) report(`${person.name} was told "${attendance.place}" in ${id}, and is ${place}`);
  }
}

/** The figures are those of one moment. */
function compareFigures(id: string, attended: Attended, report: (message: string) => void): void {
  const told = new Map(
    attended.map(({ person, attendance: { mode, people, editors, places } }) => [
      `${mode}, ${people} people, ${editors} of ${places} edit`,
      person.name,
    ]),
  );
  if (told.size > 1) report(`of ${id} people were told ${JSON.stringify([...told])}`);
  const persons = new Set(attended.map(({ person }) => person.device.name));
  const counted = attended[0]?.attendance.people ?? persons.size;
  if (counted !== persons.size) report(`of ${id} ${counted} people are counted; there are ${persons.size}`);
}

/** 1, 2, 3 …: each number is one person's. */
function compareLine(id: string, attended: Attended, report: (message: string) => void): void {
  const lines = new Map(
    attended
      .filter(({ attendance }) => attendance.place === "asking")
      .map(({ person, attendance }) => [person.device.name, attendance.line] as const),
  );
  const numbers = [...lines.values()].sort((a = 0, b = 0) => a - b);
  if (numbers.some((line, index) => line !== index + 1)) report(`the line for ${id} is ${JSON.stringify([...lines])}`);
}
