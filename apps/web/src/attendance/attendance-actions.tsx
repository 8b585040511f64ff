import { Button } from "@mantine/core";
import type { Attendance, DocumentHandle } from "@tutti/client";
import list from "../people/people-list.module.css";

interface AttendanceActionsProps {
  readonly document: DocumentHandle;
  readonly attendance: Attendance | undefined;
  onWhoMayEdit(): void;
}

/** What the person can do about who edits: the owner names them, and whoever edits can make room in a crowd (S11). */
export function AttendanceActions({ document, attendance, onWhoMayEdit }: AttendanceActionsProps) {
  if (attendance === undefined) return null;
  const owner = document.role === "owner";
  const canLeave = attendance.mode === "crowded" && attendance.place === "editing";
  if (!owner && !canLeave) return null;
  return (
    <div className={list.actions}>
      {owner && (
        <Button size="xs" variant="default" onClick={onWhoMayEdit}>
          Who may edit…
        </Button>
      )}
      {canLeave && (
        <Button size="xs" variant="default" onClick={() => document.stopEditing()}>
          Stop editing
        </Button>
      )}
    </div>
  );
}
