import type { EditorView } from "@codemirror/view";
import { useEffect, useImperativeHandle, useRef, useState } from "react";
import type { EditorProps } from "../editor/editor-props.js";
import { EditorTop } from "../editor/editor-top.js";
import type { FindTarget } from "../find/find-target.js";
import { useFindView } from "../find/use-find-view.js";
import { createPlainEditor } from "./create-plain-editor.js";
import classes from "./plain-editor.module.css";
import { plainFindTarget } from "./plain-find-target.js";
import { PlainToolbar } from "./plain-toolbar.js";

interface Editor {
  readonly view: EditorView;
  readonly target: FindTarget;
}

/** CodeMirror on a plain document, under its toolbar. */
export function PlainEditor({ document, alerts, ref }: EditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<Editor | null>(null);
  const find = useFindView();
  useEffect(() => {
    if (host.current === null) return;
    const view = createPlainEditor(host.current, document);
    view.focus();
    setEditor({ view, target: plainFindTarget(view) });
    return () => {
      setEditor(null);
      view.destroy();
    };
  }, [document]);
  useImperativeHandle(ref, () => ({ scrollTo: (index) => editor?.target.scrollTo(index) }), [editor]);
  return (
    <>
      {editor !== null && (
        <EditorTop
          document={document}
          target={editor.target}
          find={find}
          alerts={alerts}
          toolbar={
            <PlainToolbar document={document} view={editor.view} onFind={() => find.open(editor.target, true)} />
          }
        />
      )}
      <div ref={host} className={classes.host} />
    </>
  );
}
