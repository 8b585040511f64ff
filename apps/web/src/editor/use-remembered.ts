import type { DocumentHandle } from "@tutti/client";
import { useEffect } from "react";
import { rememberTitle } from "../home/known-documents.js";
import type { Session } from "../session/session.js";

/** The list that is shown without a network knows the documents that were opened, also those from a link. */
export function useRemembered({ id, kind }: DocumentHandle, title: string, session: Session): void {
  useEffect(() => rememberTitle(session, { id, kind, title }), [id, kind, title, session]);
}
