import { Tooltip } from "@mantine/core";
import { type ButtonHTMLAttributes, type MouseEvent, type ReactNode, type Ref, use } from "react";
import { Icon } from "../icons/icon.js";
import type { IconName } from "../icons/paths.js";
import { ariaShortcut, describeShortcut } from "./shortcut.js";
import classes from "./toolbar.module.css";
import { ToolbarStop } from "./toolbar-stop.js";

interface ToolbarButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "disabled"> {
  readonly label: string;
  readonly icon?: IconName;
  /** As ProseMirror and CodeMirror write it: "Mod-Shift-7". */
  readonly shortcut?: string;
  /** Left out for buttons that are not switches. */
  readonly pressed?: boolean;
  /** A disabled button keeps the focus, so that nobody loses their place. */
  readonly disabled?: boolean;
  readonly children?: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button of a toolbar, with its name and shortcut in a tooltip. */
export function ToolbarButton(props: ToolbarButtonProps) {
  const { label, icon, shortcut, pressed, disabled = false, children, onClick, ref, ...rest } = props;
  const stop = use(ToolbarStop);
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (!disabled) onClick?.(event);
  };
  return (
    <Tooltip label={shortcut === undefined ? label : `${label} · ${describeShortcut(shortcut)}`}>
      <button
        {...rest}
        {...(ref === undefined ? {} : { ref })}
        type="button"
        className={classes.button}
        data-toolbar-button={label}
        tabIndex={stop === label ? 0 : -1}
        aria-label={label}
        aria-pressed={pressed}
        aria-disabled={disabled || undefined}
        aria-keyshortcuts={shortcut === undefined ? undefined : ariaShortcut(shortcut)}
        onMouseDown={keepSelection}
        onClick={press}
      >
        {icon !== undefined && <Icon name={icon} />}
        {children}
      </button>
    </Tooltip>
  );
}

/** The editor keeps the focus, and with it the selection that the button is about. */
function keepSelection(event: MouseEvent): void {
  event.preventDefault();
}
