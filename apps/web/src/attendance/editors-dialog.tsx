import { Modal, Switch } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import type { DocumentHandle } from "@tutti/client";
import { useAttendance } from "@tutti/react";
import { useRef } from "react";
import { useKeptFocus } from "../layout/use-kept-focus.js";
import type { Face } from "../people/gather-faces.js";
import list from "../people/people-list.module.css";
import { AskingList } from "./asking-list.js";
import { NamedEditors } from "./named-editors.js";
import { PeopleToAdd } from "./people-to-add.js";

interface EditorsDialogProps {
  readonly document: DocumentHandle;
  readonly faces: readonly Face[];
  readonly opened: boolean;
  onClose(): void;
}

/** Where the owner says who may edit: everybody, or those they name (S11). */
export function EditorsDialog({ document, faces, opened, onClose }: EditorsDialogProps) {
  const attendance = useAttendance(document);
  const narrow = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const panel = useRef<HTMLDivElement>(null);
  useKeptFocus(panel);
  const moderated = attendance?.mode === "moderated";
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Who may edit"
      centered
      fullScreen={narrow}
      closeButtonProps={{ "aria-label": "Close" }}
      classNames={{ title: list.title }}
    >
      <div ref={panel} className={list.panel} tabIndex={-1}>
        <Switch
          label="Only people I name may edit"
          description="Everybody else views, and can ask you."
          checked={moderated}
          disabled={attendance === undefined}
          onChange={(event) => document.moderate(event.currentTarget.checked)}
        />
        {moderated && (
          <>
            <AskingList document={document} asking={attendance.asking} />
            <NamedEditors document={document} named={attendance.named} faces={faces} />
            <PeopleToAdd document={document} attendance={attendance} faces={faces} />
          </>
        )}
      </div>
    </Modal>
  );
}
