import { ActionIcon, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import { Icon } from "../icons/icon.js";
import { Link } from "../navigation/link.js";
import { ThemeSwitch } from "../theme/theme-switch.js";
import { CopyLink } from "./copy-link.js";
import classes from "./editor-header.module.css";

interface EditorHeaderProps {
  readonly title: ReactNode;
  readonly status: ReactNode;
  readonly people: ReactNode;
}

/** Above a document: the way back, its title, how it stands, who is here. */
export function EditorHeader({ title, status, people }: EditorHeaderProps) {
  return (
    <header className={classes.header}>
      <Tooltip label="All documents">
        <ActionIcon component={Link} href="/" variant="subtle" color="gray" size="lg" aria-label="All documents">
          <Icon name="back" />
        </ActionIcon>
      </Tooltip>
      {title}
      <div className={classes.state}>
        {status}
        <div className={classes.with}>
          {people}
          <CopyLink />
        </div>
      </div>
      <ThemeSwitch />
    </header>
  );
}
