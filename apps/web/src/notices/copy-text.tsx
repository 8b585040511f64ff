import { Button, type MantineSpacing, Text } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";

interface CopyTextProps {
  readonly text: () => string;
  readonly mt?: MantineSpacing;
  /** One way among others rather than the one to take. */
  readonly quiet?: boolean;
}

/** Puts a person's own text into the clipboard, so that it is never lost. */
export function CopyText({ text, mt = 0, quiet = false }: CopyTextProps) {
  const { copy, copied, error } = useClipboard({ timeout: 4000 });
  return (
    <>
      <Button size="xs" mt={mt} {...(quiet ? { variant: "default" } : { color: "red.9" })} onClick={() => copy(text())}>
        {copied ? "Copied" : "Copy my text"}
      </Button>
      {error !== null && (
        <Text size="sm" mt="xs">
          The browser refused to copy. Select the text and copy it with the keyboard.
        </Text>
      )}
    </>
  );
}
