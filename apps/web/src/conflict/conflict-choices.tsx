import { Button, Group, Text } from "@mantine/core";
import type { Conflict } from "@tutti/client";
import { useState } from "react";
import classes from "./conflict.module.css";

interface ConflictChoicesProps {
  readonly conflict: Conflict;
  readonly busy: boolean;
  onMerge(): void;
  onKeepAsCopy(): void;
  onDiscard(): void;
}

/** The ways out of a conflict. The one that throws text away asks once more. */
export function ConflictChoices({ conflict, busy, onMerge, onKeepAsCopy, onDiscard }: ConflictChoicesProps) {
  const [asking, setAsking] = useState(false);
  if (asking) {
    return (
      <div role="alert" className={classes.choices}>
        <Text fw={600}>Throw away what you wrote? It can't be brought back.</Text>
        <Group gap="xs">
          <Button variant="default" data-autofocus autoFocus onClick={() => setAsking(false)}>
            No, keep it
          </Button>
          <Button color="red.9" onClick={onDiscard}>
            Throw it away
          </Button>
        </Group>
      </div>
    );
  }
  const canMerge = conflict.merged !== undefined;
  return (
    <div className={classes.choices}>
      <Button variant="subtle" c="var(--tutti-bad)" color="red" onClick={() => setAsking(true)}>
        Discard mine…
      </Button>
      <Button variant={canMerge ? "default" : "filled"} loading={busy} onClick={onKeepAsCopy}>
        Keep mine as a copy
      </Button>
      {canMerge && <Button onClick={onMerge}>Merge both</Button>}
    </div>
  );
}
