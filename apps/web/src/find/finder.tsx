import type { DocumentHandle } from "@tutti/client";
import { useCallback } from "react";
import { FindBar } from "./find-bar.js";
import type { FindTarget } from "./find-target.js";
import { type FindKey, useFindKeys } from "./use-find-keys.js";
import type { FindView } from "./use-find-view.js";

interface FinderProps {
  readonly document: DocumentHandle;
  readonly target: FindTarget;
  readonly view: FindView;
}

/** The find bar, and the keys that open it. */
export function Finder({ document, target, view }: FinderProps) {
  if (view.shown === null) return <Keys view={view} target={target} />;
  return (
    <FindBar
      document={document}
      target={target}
      initial={view.shown.query}
      replacing={view.shown.replacing}
      onReplacing={view.setReplacing}
      onClose={view.close}
    />
  );
}

function Keys({ view, target }: Pick<FinderProps, "view" | "target">) {
  const { open } = view;
  const onKey = useCallback((key: FindKey) => open(target, key === "replace"), [open, target]);
  useFindKeys(onKey);
  return null;
}
