import { Radio, Text } from "@mantine/core";
import { useId } from "@mantine/hooks";
import type { DocumentKind } from "../api.js";
import { Icon } from "../icons/icon.js";
import classes from "./kind-card.module.css";

interface KindCardProps {
  readonly kind: DocumentKind;
  readonly label: string;
  readonly description: string;
}

/** One of the two kinds of document to choose from. */
export function KindCard({ kind, label, description }: KindCardProps) {
  const descriptionId = useId();
  return (
    <Radio.Card className={classes.card} value={kind} aria-label={label} aria-describedby={descriptionId}>
      <Icon name={kind} size={24} />
      <span>
        <Text component="span" display="block" fw={600}>
          {label}
        </Text>
        <Text component="span" display="block" size="sm" c="dimmed" id={descriptionId}>
          {description}
        </Text>
      </span>
      <Radio.Indicator />
    </Radio.Card>
  );
}
