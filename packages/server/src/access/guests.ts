import { type Random, randomId, TuttiError, type User } from "@tutti/protocol";

const LONGEST_NAME = 80;

/**
 * A new guest by the name they chose. White space is folded; control characters are refused.
 * @throws TuttiError `invalid_request` naming the field
 */
export function createGuest(name: unknown, random: Random): User {
  const folded = typeof name === "string" ? name.trim().replace(/\s+/gu, " ") : "";
  if (folded === "" || folded.length > LONGEST_NAME || /\p{Cc}|\p{Cs}/u.test(folded)) {
    throw new TuttiError("invalid_request", `name: expected 1 to ${LONGEST_NAME} printable characters`);
  }
  return { id: `guest-${randomId(random, 12)}`, name: folded };
}
