import type { Document, Operation } from "@tutti/ot";

/** Content up to this many UTF-16 units goes out in one message. */
const WHOLE = 1_000_000;
/** Units in each part of larger content. */
const PART = 250_000;

/** One part of a content, and where in it this part starts (UTF-16 units). */
export interface ContentPart {
  readonly from: number;
  readonly to: number;
  readonly content: Operation;
}

/** Whether this content should not be sent in one message. */
export const isLarge = (content: Document): boolean => content.length > WHOLE;

/** The next part of a content; no surrogate pair is cut. @param from where it starts, before the end */
export function partOf(content: Document, from: number): ContentPart {
  const end = Math.min(from + PART, content.length);
  const last = content.charCodeAt(end - 1);
  const to = end < content.length && last >= 0xd800 && last <= 0xdbff ? end - 1 : end;
  return { from, to, content: content.slice(from, to) };
}
