import type { DocumentHandle } from "@tutti/client";
import type { ReactNode, Ref } from "react";
import type { TextView } from "./text-view.js";

/** What each of the editors takes. */
export interface EditorProps {
  readonly document: DocumentHandle;
  /** What somebody should look at now; above the text. */
  readonly alerts: ReactNode;
  readonly ref?: Ref<TextView>;
}
