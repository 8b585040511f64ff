import { useDocument, usePresence, useStatus, useUndo } from "@tutti/react";

// #region bar
/** Who is here, whether all is saved, and undo. Asks for the same document as the notes, and shares it. */
export function Bar({ id }: { readonly id: string }) {
  const { phase, document } = useDocument(id);
  const others = usePresence(document);
  const status = useStatus(document);
  const { canUndo, undo } = useUndo(document);
  if (phase === "failed") return <p>This document cannot be opened.</p>;
  return (
    <p>
      {status} · {others.map(({ user }) => user.name).join(", ") || "nobody else is here"}{" "}
      <button type="button" disabled={!canUndo} onClick={undo}>
        Undo
      </button>
    </p>
  );
}
// #endregion
