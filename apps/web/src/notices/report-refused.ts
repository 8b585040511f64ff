import { isInsert, type Operation } from "@tutti/ot";
import { describeError } from "./describe-error.js";
import { notify } from "./notice-store.js";

/** For editor bindings: an edit could not become part of the document. Its text is offered to the person. */
export function reportRefused(reason: unknown, refused: Operation): void {
  const rescued = refused
    .filter(isInsert)
    .map((part) => (typeof part.insert === "string" ? part.insert : ""))
    .join("");
  const content = { title: "A change was not accepted", text: describeError(reason) };
  notify(rescued.trim() === "" ? content : { ...content, rescued });
}
