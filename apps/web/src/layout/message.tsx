import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Icon } from "../icons/icon.js";
import type { IconName } from "../icons/paths.js";
import classes from "./message.module.css";

interface MessageProps {
  readonly icon: IconName;
  readonly title: string;
  /** 1 when it is all there is on the page. */
  readonly order?: 1 | 2;
  readonly text: string;
  /** What the person can do now. */
  readonly children?: ReactNode;
}

/** A page, or a part of one, that has nothing to show but a reason and a way on. */
export function Message({ icon, title, order = 1, text, children }: MessageProps) {
  return (
    <div className={classes.message}>
      <div className={classes.icon}>
        <Icon name={icon} size={30} />
      </div>
      <Title order={order} size="h3">
        {title}
      </Title>
      <Text c="dimmed" maw="26rem">
        {text}
      </Text>
      {children}
    </div>
  );
}
