import type { DocumentHandle } from "@tutti/client";
import { useEffect, useRef, useState } from "react";
import { createRichEditor, type RichEditorHandle } from "./create-rich-editor.js";
import "./rich-text.css";
import classes from "./rich-editor.module.css";
import { RichToolbar } from "./rich-toolbar.js";

/** ProseMirror on a rich document, under its toolbar. */
export function RichEditor({ document }: { document: DocumentHandle }) {
  const host = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<RichEditorHandle | null>(null);
  const [linking, setLinking] = useState(false);
  useEffect(() => {
    if (host.current === null) return;
    const created = createRichEditor(host.current, document, () => setLinking(true));
    created.view.focus();
    setEditor(created);
    return () => {
      setEditor(null);
      created.view.destroy();
    };
  }, [document]);
  return (
    <>
      {editor !== null && <RichToolbar editor={editor} document={document} linking={linking} onLinking={setLinking} />}
      <div ref={host} className={classes.host} />
    </>
  );
}
