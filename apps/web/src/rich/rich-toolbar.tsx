import { type ActiveFormats, redo, undo } from "@tutti/binding-prosemirror";
import type { DocumentHandle } from "@tutti/client";
import type { Command } from "prosemirror-state";
import { Toolbar } from "../toolbar/toolbar.js";
import { ToolbarButton } from "../toolbar/toolbar-button.js";
import { ToolbarGroup } from "../toolbar/toolbar-group.js";
import { UndoButtons } from "../toolbar/undo-buttons.js";
import type { RichEditorHandle } from "./create-rich-editor.js";
import { BLOCKS, type FormatButton, INDENTS, LISTS, MARKS, STYLES } from "./format-buttons.js";
import { ImageButton } from "./image-button.js";
import { LinkButton } from "./link-button.js";
import { useFormats } from "./use-formats.js";

interface RichToolbarProps {
  readonly editor: RichEditorHandle;
  readonly document: DocumentHandle;
  /** Whether the address of a link is being asked for. */
  readonly linking: boolean;
  onLinking(linking: boolean): void;
  onFind(): void;
}

/** All formats of a rich document. */
export function RichToolbar({ editor, document, linking, onLinking, onFind }: RichToolbarProps) {
  const { view } = editor;
  const formats = useFormats(editor);
  const run = (command: Command) => {
    command(view.state, view.dispatch, view);
    view.focus();
  };
  const buttons = (group: readonly FormatButton[]) => group.map((button) => draw(button, formats, run));
  return (
    <Toolbar label="Formatting" first="Undo">
      <UndoButtons document={document} onUndo={() => run(undo)} onRedo={() => run(redo)} />
      <ToolbarGroup>{buttons(STYLES)}</ToolbarGroup>
      <ToolbarGroup>
        {buttons(MARKS)}
        <LinkButton editor={editor} href={formats.link} opened={linking} onOpened={onLinking} />
      </ToolbarGroup>
      <ToolbarGroup>{buttons(LISTS)}</ToolbarGroup>
      <ToolbarGroup>{buttons(INDENTS)}</ToolbarGroup>
      <ToolbarGroup>
        {buttons(BLOCKS)}
        <ImageButton editor={editor} />
      </ToolbarGroup>
      <ToolbarGroup>
        <ToolbarButton label="Find and replace" icon="search" shortcut="Mod-f" onClick={onFind} />
      </ToolbarGroup>
    </Toolbar>
  );
}

function draw(
  { label, look, shortcut, command, isOn }: FormatButton,
  formats: ActiveFormats,
  run: (c: Command) => void,
) {
  const given = {
    label,
    ...("icon" in look ? { icon: look.icon } : {}),
    ...(shortcut === undefined ? {} : { shortcut }),
    ...(isOn === undefined ? {} : { pressed: isOn(formats) }),
  };
  return (
    <ToolbarButton key={label} {...given} onClick={() => run(command)}>
      {"letters" in look && <b aria-hidden="true">{look.letters}</b>}
    </ToolbarButton>
  );
}
