import { Button } from "@mantine/core";
import { Icon } from "../icons/icon.js";
import classes from "./home.module.css";

/** Above a list that this device remembers: why some documents don't open now. */
export function OfflineNote({ onRetry }: { onRetry: () => void }) {
  return (
    <div role="status" className={classes.note}>
      <Icon name="offline" />
      <p>
        The server can't be reached. Documents on this device open and can be edited; what you write is sent by itself
        later.
      </p>
      <Button size="xs" variant="default" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}
