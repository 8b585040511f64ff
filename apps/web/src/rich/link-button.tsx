import { removeLink, setLink } from "@tutti/binding-prosemirror";
import { ToolbarButton } from "../toolbar/toolbar-button.js";
import { ToolbarPopover } from "../toolbar/toolbar-popover.js";
import type { RichEditorHandle } from "./create-rich-editor.js";
import { LinkForm } from "./link-form.js";

interface LinkButtonProps {
  readonly editor: RichEditorHandle;
  /** Of the link at the selection; undefined when there is none. */
  readonly href: string | undefined;
  readonly opened: boolean;
  onOpened(opened: boolean): void;
}

/** Links the selection to an address, or changes the link at the caret. */
export function LinkButton({ editor: { view }, href, opened, onOpened }: LinkButtonProps) {
  const hasTarget = href !== undefined || !view.state.selection.empty;
  const close = () => {
    onOpened(false);
    view.focus();
  };
  const apply = (address: string) => {
    setLink(address)(view.state, view.dispatch, view);
    close();
  };
  const remove = () => {
    removeLink()(view.state, view.dispatch, view);
    close();
  };
  return (
    <ToolbarPopover
      label="Link"
      button={
        <ToolbarButton
          label="Link"
          icon="link"
          shortcut="Mod-k"
          pressed={href !== undefined}
          onClick={() => onOpened(!opened)}
        />
      }
      opened={opened}
      onOpened={onOpened}
      onClose={() => view.focus()}
    >
      <LinkForm href={href} hasTarget={hasTarget} onApply={apply} onRemove={remove} />
    </ToolbarPopover>
  );
}
