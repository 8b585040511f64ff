import { insertImage } from "@tutti/binding-prosemirror";
import { useState } from "react";
import { ToolbarButton } from "../toolbar/toolbar-button.js";
import { ToolbarPopover } from "../toolbar/toolbar-popover.js";
import type { RichEditorHandle } from "./create-rich-editor.js";
import { ImageForm } from "./image-form.js";

/** Puts an image from an address of the web where the caret is. */
export function ImageButton({ editor: { view } }: { editor: RichEditorHandle }) {
  const [opened, setOpened] = useState(false);
  const insert = (address: string, description: string): boolean => {
    if (!insertImage(address, description)(view.state, view.dispatch, view)) return false;
    setOpened(false);
    view.focus();
    return true;
  };
  return (
    <ToolbarPopover
      label="Image"
      button={<ToolbarButton label="Image" icon="image" onClick={() => setOpened(!opened)} />}
      opened={opened}
      onOpened={setOpened}
      onClose={() => view.focus()}
    >
      <ImageForm onInsert={insert} />
    </ToolbarPopover>
  );
}
