import { createContext } from "react";

/** The label of the one button of a toolbar that Tab reaches; the arrow keys reach the others. */
export const ToolbarStop = createContext<string>("");
