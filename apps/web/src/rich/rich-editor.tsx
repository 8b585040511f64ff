import { useEffect, useImperativeHandle, useRef, useState } from "react";
import type { EditorProps } from "../editor/editor-props.js";
import { EditorTop } from "../editor/editor-top.js";
import type { FindTarget } from "../find/find-target.js";
import { useFindView } from "../find/use-find-view.js";
import { createRichEditor, type RichEditorHandle } from "./create-rich-editor.js";
import "./rich-text.css";
import classes from "./rich-editor.module.css";
import { richFindTarget } from "./rich-find-target.js";
import { RichToolbar } from "./rich-toolbar.js";

interface Editor {
  readonly handle: RichEditorHandle;
  readonly target: FindTarget;
}

/** ProseMirror on a rich document, under its toolbar. */
export function RichEditor({ document, alerts, ref }: EditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<Editor | null>(null);
  const [linking, setLinking] = useState(false);
  const find = useFindView();
  useEffect(() => {
    if (host.current === null) return;
    const handle = createRichEditor(host.current, document, () => setLinking(true));
    handle.view.focus();
    setEditor({ handle, target: richFindTarget(handle.view) });
    return () => {
      setEditor(null);
      handle.view.destroy();
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
            <RichToolbar
              editor={editor.handle}
              document={document}
              linking={linking}
              onLinking={setLinking}
              onFind={() => find.open(editor.target, true)}
            />
          }
        />
      )}
      <div ref={host} className={classes.host} />
    </>
  );
}
