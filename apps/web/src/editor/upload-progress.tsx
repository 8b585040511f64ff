import { Button, Progress } from "@mantine/core";
import type { DocumentHandle } from "@tutti/client";
import { useCallback, useSyncExternalStore } from "react";
import classes from "./upload-progress.module.css";

/** How far a large paste has come, which can still be taken back (C9). It is in the text already. */
export function UploadProgress({ document }: { document: DocumentHandle }) {
  const subscribe = useCallback((listener: () => void) => document.on("upload", listener), [document]);
  const upload = useSyncExternalStore(subscribe, () => document.upload);
  if (upload === undefined) return null;
  const percent = upload.total === 0 ? 0 : Math.floor((100 * upload.sent) / upload.total);
  return (
    <div className={classes.upload}>
      <span id="upload-words">Sending what you pasted: {percent} %</span>
      <Progress.Root className={classes.progress} size="sm">
        <Progress.Section value={percent} aria-labelledby="upload-words" />
      </Progress.Root>
      <Button size="compact-sm" variant="default" onClick={() => document.cancelUpload()}>
        Take it back
      </Button>
    </div>
  );
}
