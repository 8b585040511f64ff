import { Notification } from "@mantine/core";
import { Icon } from "../icons/icon.js";
import { CopyText } from "./copy-text.js";
import { dismiss, type Notice } from "./notice-store.js";

/** One notice, with a button for the text that it keeps. */
export function NoticeCard({ notice }: { notice: Notice }) {
  return (
    <Notification
      title={notice.title}
      color="red.9"
      icon={<Icon name="warning" />}
      withBorder
      closeButtonProps={{ "aria-label": "Close this notice" }}
      onClose={() => dismiss(notice.id)}
    >
      {notice.text}
      {notice.rescued !== undefined && <CopyText text={() => notice.rescued ?? ""} mt="xs" />}
    </Notification>
  );
}
