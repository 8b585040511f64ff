import type { EditorView } from "@codemirror/view";
import { redo, undo } from "@tutti/binding-codemirror";
import type { DocumentHandle } from "@tutti/client";
import { Toolbar } from "../toolbar/toolbar.js";
import { ToolbarButton } from "../toolbar/toolbar-button.js";
import { ToolbarGroup } from "../toolbar/toolbar-group.js";
import { UndoButtons } from "../toolbar/undo-buttons.js";

interface PlainToolbarProps {
  readonly document: DocumentHandle;
  readonly view: EditorView;
  onFind(): void;
}

/** Undo, redo and search of a plain document. */
export function PlainToolbar({ document, view, onFind }: PlainToolbarProps) {
  return (
    <Toolbar label="Editing" first="Undo">
      <UndoButtons document={document} onUndo={() => undo(view)} onRedo={() => redo(view)} />
      <ToolbarGroup>
        <ToolbarButton label="Find and replace" icon="search" shortcut="Mod-f" onClick={onFind} />
      </ToolbarGroup>
    </Toolbar>
  );
}
