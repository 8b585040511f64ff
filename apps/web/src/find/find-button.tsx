import { Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import { Icon } from "../icons/icon.js";
import type { IconName } from "../icons/paths.js";
import { ariaShortcut, describeShortcut } from "../toolbar/shortcut.js";
import toolbar from "../toolbar/toolbar.module.css";

interface FindButtonProps {
  readonly label: string;
  readonly icon?: IconName;
  readonly shortcut?: string;
  /** Left out for buttons that are not switches. */
  readonly pressed?: boolean;
  readonly children?: ReactNode;
  onClick(): void;
}

/** A button of the find bar, with its name and shortcut in a tooltip. */
export function FindButton({ label, icon, shortcut, pressed, children, onClick }: FindButtonProps) {
  return (
    <Tooltip label={shortcut === undefined ? label : `${label} · ${describeShortcut(shortcut)}`}>
      <button
        type="button"
        className={toolbar.button}
        aria-label={label}
        aria-pressed={pressed}
        aria-keyshortcuts={shortcut === undefined ? undefined : ariaShortcut(shortcut)}
        onClick={onClick}
      >
        {icon !== undefined && <Icon name={icon} />}
        {children}
      </button>
    </Tooltip>
  );
}
