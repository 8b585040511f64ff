import type { DocumentHandle } from "@tutti/client";
import { useUndo } from "@tutti/react";
import { ToolbarButton } from "./toolbar-button.js";
import { ToolbarGroup } from "./toolbar-group.js";

interface UndoButtonsProps {
  readonly document: DocumentHandle;
  onUndo(): void;
  onRedo(): void;
}

/** Undo and redo of one's own edits. The editor does it, because it also moves the caret there. */
export function UndoButtons({ document, onUndo, onRedo }: UndoButtonsProps) {
  const { canUndo, canRedo } = useUndo(document);
  return (
    <ToolbarGroup>
      <ToolbarButton label="Undo" icon="undo" shortcut="Mod-z" disabled={!canUndo} onClick={onUndo} />
      <ToolbarButton label="Redo" icon="redo" shortcut="Mod-Shift-z" disabled={!canRedo} onClick={onRedo} />
    </ToolbarGroup>
  );
}
