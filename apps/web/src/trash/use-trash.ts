import { useCallback, useEffect, useState } from "react";
import { type DocumentRecord, listTrash, restoreDocument } from "../api.js";
import { describeError } from "../notices/describe-error.js";
import { reportFailedCall } from "../notices/report-error.js";
import type { Session } from "../session/session.js";

export type TrashList =
  | { readonly phase: "loading" }
  | { readonly phase: "loaded"; readonly documents: readonly DocumentRecord[] }
  | { readonly phase: "failed"; readonly reason: string };

interface Trash {
  readonly list: TrashList;
  reload(): void;
  /** Takes a document out again; where that fails a notice says why. */
  restore(document: DocumentRecord): Promise<void>;
}

/** What the person threw away. */
export function useTrash(session: Session): Trash {
  const [list, setList] = useState<TrashList>({ phase: "loading" });
  const reload = useCallback(() => {
    listTrash(session).then(
      (documents) => setList({ phase: "loaded", documents }),
      (reason: unknown) => setList({ phase: "failed", reason: describeError(reason) }),
    );
  }, [session]);
  useEffect(reload, [reload]);
  const restore = async ({ id }: DocumentRecord) => {
    try {
      await restoreDocument(session, id);
    } catch (reason) {
      reportFailedCall("The document was not restored", reason);
    }
    reload();
  };
  return { list, reload, restore };
}
