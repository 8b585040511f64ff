import type { ReactNode } from "react";
import classes from "./toolbar.module.css";

/** Buttons of a toolbar that belong together; a line separates groups. */
export function ToolbarGroup({ children }: { children: ReactNode }) {
  return <div className={classes.group}>{children}</div>;
}
