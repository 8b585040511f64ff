import { type RecordedEdit, type Recording, RecordingError } from "./recording.js";

/** What an author saw around the place of an edit, and how long the whole text was, in code points. */
export interface View {
  readonly length: number;
  readonly before: string;
  readonly behind: string;
}

/** Two edits that nothing but commit order can keep in place: of inserts at one place, the first committed goes left. */
export interface Precedence {
  readonly first: { readonly author: number; readonly edit: number };
  readonly then: { readonly author: number; readonly edit: number };
}

/** What a recording says about itself, found by an algorithm that has nothing in common with ours. */
export interface Analysis {
  /** By author and edit. */
  readonly views: readonly (readonly View[])[];
  readonly precedences: readonly Precedence[];
}

/** A character; once typed it stays in the list for ever, so that the order of all characters is never in doubt. */
interface Character {
  readonly text: string;
  readonly author: number;
  /** The number of its author's edit, from 1. */
  readonly edit: number;
  /** Who deleted it, and with which of their edits. */
  readonly deletions: { readonly author: number; readonly edit: number }[];
}

/** Characters to remember on each side of a place. */
const CONTEXT = 12;

/**
 * Replays a recording on the list of all characters ever typed. A new character goes right behind its left neighbour as
 * its author saw it. Where that puts it in front of characters that the author had not seen, with nothing but deleted
 * ones between, an algorithm without a memory of deleted characters sees two inserts at one place: a `Precedence`.
 *
 * @throws RecordingError when this does not end with the recorded text: then people inserted at one place at once
 */
export function analyse(recording: Recording): Analysis {
  const list: Character[] = [];
  const views: View[][] = recording.authors.map(() => []);
  const precedences: Precedence[] = [];
  for (const [author, edit, number] of inCausalOrder(recording)) {
    const known = edit.seen.with(author, number);
    edit.patches.forEach(([position, deleted, inserted], index) => {
      const place = find(list, known, position);
      if (index === 0) views[author]?.push(place.view);
      for (let left = deleted, at = place.index; left > 0; at += 1) {
        const character = list[at];
        if (character === undefined) throw new RecordingError("an edit deletes more than there is");
        if (!isVisible(character, known)) continue;
        character.deletions.push({ author, edit: number });
        left -= 1;
      }
      if (inserted === "") return;
      for (const then of unseenBehind(list, place.index, known))
        precedences.push({ first: { author, edit: number }, then });
      list.splice(place.index, 0, ...[...inserted].map((text) => ({ text, author, edit: number, deletions: [] })));
    });
  }
  const text = list.filter(({ deletions }) => deletions.length === 0).map((character) => character.text);
  if (text.join("") !== recording.endContent) {
    throw new RecordingError("people inserted at one place at once, and the recording does not tell whose went left");
  }
  return { views, precedences };
}

/** What is around a position of a text, in code points. */
export function viewOf(text: string, position: number): View {
  const characters = [...text];
  return {
    length: characters.length,
    before: characters.slice(Math.max(0, position - CONTEXT), position).join(""),
    behind: characters.slice(position, position + CONTEXT).join(""),
  };
}

/** Every edit after all that its author knew: author, edit, and the edit's number from 1. */
function* inCausalOrder({ authors }: Recording): Generator<readonly [number, RecordedEdit, number]> {
  const done = authors.map(() => 0);
  for (let progress = true; progress; ) {
    progress = false;
    for (const [author, edits] of authors.entries()) {
      const edit = edits[done[author] ?? 0];
      if (edit === undefined || edit.seen.some((count, other) => count > (done[other] ?? 0))) continue;
      done[author] = (done[author] ?? 0) + 1;
      progress = true;
      yield [author, edit, done[author]];
    }
  }
}

function isVisible({ author, edit, deletions }: Character, known: readonly number[]): boolean {
  if ((known[author] ?? 0) < edit) return false;
  for (const deletion of deletions) {
    if ((known[deletion.author] ?? 0) >= deletion.edit) return false;
  }
  return true;
}

/** The place right behind the `position`th visible character. */
function find(list: readonly Character[], known: readonly number[], position: number) {
  let index = 0;
  let length = 0;
  let [before, behind] = ["", ""];
  list.forEach((character, at) => {
    if (!isVisible(character, known)) return;
    length += 1;
    if (length === position) index = at + 1;
    if (length > position - CONTEXT && length <= position) before += character.text;
    if (length > position && length <= position + CONTEXT) behind += character.text;
  });
  if (position > length) throw new RecordingError("an edit is made behind the end of the text");
  return { index, view: { length, before, behind } };
}

/** The edits of characters from an index on that are not known, up to the next visible character. */
function unseenBehind(
  list: readonly Character[],
  from: number,
  known: readonly number[],
): readonly Precedence["then"][] {
  const unseen: Precedence["then"][] = [];
  for (let index = from; index < list.length; index += 1) {
    const character = list[index];
    if (character === undefined || isVisible(character, known)) break;
    const { author, edit } = character;
    if ((known[author] ?? 0) < edit) unseen.push({ author, edit });
  }
  return unseen;
}
