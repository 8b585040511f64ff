import { Modal, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import type { Conflict, DocumentHandle } from "@tutti/client";
import { CopyText } from "../notices/copy-text.js";
import type { Session } from "../session/session.js";
import classes from "./conflict.module.css";
import { ConflictChoices } from "./conflict-choices.js";
import { describeConflict } from "./describe-conflict.js";
import { useResolution } from "./use-resolution.js";
import { VersionChoice } from "./version-choice.js";

interface ConflictDialogProps {
  readonly document: DocumentHandle;
  readonly session: Session;
  readonly conflict: Conflict;
  readonly opened: boolean;
  /** They want to decide later; nothing is lost by that. */
  onLater(): void;
}

/** Shows both texts and what the merge would make of them; the person decides (C12). */
export function ConflictDialog({ document, session, conflict, opened, onLater }: ConflictDialogProps) {
  const narrow = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const { title, text } = describeConflict(conflict);
  const { busy, merge, discard, keepAsCopy } = useResolution(document, conflict, session);
  const discardAndLeave = () => {
    discard();
    onLater();
  };
  return (
    <Modal
      opened={opened}
      onClose={onLater}
      title={title}
      size={conflict.theirs === undefined ? "lg" : "min(90rem, 96vw)"}
      fullScreen={narrow}
      centered
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": "Decide later" }}
      classNames={{ content: classes.dialog, body: classes.body, title: classes.title }}
    >
      <Text size="sm">{text}</Text>
      <VersionChoice conflict={conflict} kind={document.kind} />
      <div className={classes.footer}>
        <CopyText quiet text={() => document.text()} />
        <ConflictChoices
          conflict={conflict}
          busy={busy}
          onMerge={merge}
          onKeepAsCopy={keepAsCopy}
          onDiscard={discardAndLeave}
        />
      </div>
    </Modal>
  );
}
