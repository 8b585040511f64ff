import type { EditorView } from "@codemirror/view";
import type { DocumentHandle } from "@tutti/client";
import { useEffect, useRef, useState } from "react";
import { createPlainEditor } from "./create-plain-editor.js";
import classes from "./plain-editor.module.css";
import { PlainToolbar } from "./plain-toolbar.js";

/** CodeMirror on a plain document, under its toolbar. */
export function PlainEditor({ document }: { document: DocumentHandle }) {
  const host = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<EditorView | null>(null);
  useEffect(() => {
    if (host.current === null) return;
    const created = createPlainEditor(host.current, document);
    created.focus();
    setView(created);
    return () => {
      setView(null);
      created.destroy();
    };
  }, [document]);
  return (
    <>
      {view !== null && <PlainToolbar document={document} view={view} />}
      <div ref={host} className={classes.host} />
    </>
  );
}
