import { TuttiError } from "@tutti/protocol";

/** The longest title of a document, and name of a version, in UTF-16 units. */
const LONGEST_TITLE = 200;

/** The fields of a JSON body. @throws TuttiError `invalid_request` */
export function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body === "object" && body !== null) return body as Record<string, unknown>;
  throw new TuttiError("invalid_request", "body: expected a JSON object");
}

/** What a person calls something, without the white space around it. @throws TuttiError `invalid_request` */
export function titleOf(value: unknown, field = "title"): string {
  const title = typeof value === "string" ? value.trim() : "";
  if (title !== "" && title.length <= LONGEST_TITLE && !/\p{Cs}/u.test(title)) return title;
  throw new TuttiError("invalid_request", `${field}: expected 1 to ${LONGEST_TITLE} characters`);
}
