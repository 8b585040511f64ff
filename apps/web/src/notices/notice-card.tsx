import { Button, Notification } from "@mantine/core";
import { Icon } from "../icons/icon.js";
import { CopyText } from "./copy-text.js";
import { dismiss, type Notice } from "./notice-store.js";
import classes from "./notices.module.css";

const ICONS = { bad: "warning", good: "done", news: "people" } as const;

/** One notice, with a button for the text that it keeps, and one for what can be done. */
export function NoticeCard({ notice: { id, title, text, tone = "bad", rescued, action } }: { notice: Notice }) {
  const act = () => {
    dismiss(id);
    action?.run();
  };
  return (
    <Notification
      title={title}
      color={tone === "bad" ? "red.9" : "pine"}
      icon={<Icon name={ICONS[tone]} />}
      withBorder
      classNames={{ description: classes.text }}
      closeButtonProps={{ "aria-label": "Close this notice" }}
      onClose={() => dismiss(id)}
    >
      {text}
      {rescued !== undefined && <CopyText text={() => rescued} mt="xs" />}
      {action !== undefined && (
        <div>
          <Button size="xs" mt="xs" onClick={act}>
            {action.label}
          </Button>
        </div>
      )}
    </Notification>
  );
}
