import { Drawer, Popover } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import type { ReactNode } from "react";
import classes from "./people-list.module.css";

interface PeoplePopoverProps {
  readonly opened: boolean;
  onOpened(opened: boolean): void;
  readonly button: ReactNode;
  readonly children: ReactNode;
}

const TITLE = "Who is here";

/** Hangs on its button; on a phone it comes up from the bottom of the screen. */
export function PeoplePopover({ opened, onOpened, button, children }: PeoplePopoverProps) {
  const narrow = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  if (narrow) {
    return (
      <>
        {button}
        <Drawer
          opened={opened}
          onClose={() => onOpened(false)}
          position="bottom"
          size="auto"
          title={TITLE}
          closeButtonProps={{ "aria-label": "Close" }}
          classNames={{ title: classes.title, content: classes.sheet }}
        >
          {children}
        </Drawer>
      </>
    );
  }
  return (
    <Popover
      opened={opened}
      onChange={onOpened}
      position="bottom-end"
      shadow="md"
      width={336}
      trapFocus
      returnFocus
      withRoles={false}
      keepMounted={false}
    >
      <Popover.Target>{button}</Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={TITLE}>
        {children}
      </Popover.Dropdown>
    </Popover>
  );
}
