import type { DocumentHandle } from "@tutti/client";

/** Somebody who may edit, but has no place now (S11). Who may only read has nothing to wait for. */
export function isViewing({ attendance, role }: DocumentHandle): boolean {
  const mayEdit = role === "editor" || role === "owner";
  return mayEdit && attendance !== undefined && attendance.place !== "editing";
}
