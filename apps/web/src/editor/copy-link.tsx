import { Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { useEffect } from "react";
import { Icon } from "../icons/icon.js";
import { reportError } from "../notices/report-error.js";
import classes from "./editor-header.module.css";

/** Copies the address of the document, to be sent to somebody. */
export function CopyLink() {
  const { copy, copied, error } = useClipboard({ timeout: 2000 });
  useEffect(() => {
    if (error !== null) reportError("The link was not copied", error);
  }, [error]);
  return (
    <Button
      variant="default"
      size="sm"
      className={classes.copy}
      leftSection={<Icon name={copied ? "done" : "link"} size={16} />}
      onClick={() => copy(location.href)}
    >
      <span className={classes.words}>{copied ? "Link copied" : "Copy link"}</span>
    </Button>
  );
}
