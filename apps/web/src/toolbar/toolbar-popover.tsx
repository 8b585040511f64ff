import { Popover } from "@mantine/core";
import type { ReactNode } from "react";

interface ToolbarPopoverProps {
  /** What screen readers call it. */
  readonly label: string;
  /** The button that it hangs on. */
  readonly button: ReactNode;
  readonly opened: boolean;
  onOpened(opened: boolean): void;
  /** It was closed by the person: the editor wants the focus back. */
  onClose(): void;
  readonly children: ReactNode;
}

/** A small form that hangs on a button of the toolbar. */
export function ToolbarPopover({ label, button, opened, onOpened, onClose, children }: ToolbarPopoverProps) {
  return (
    <Popover
      opened={opened}
      onChange={onOpened}
      onClose={onClose}
      trapFocus
      withRoles
      withArrow
      shadow="md"
      width={320}
      keepMounted={false}
    >
      <Popover.Target>{button}</Popover.Target>
      <Popover.Dropdown aria-label={label}>{children}</Popover.Dropdown>
    </Popover>
  );
}
