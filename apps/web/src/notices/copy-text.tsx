import { Button, type MantineSpacing, Text } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";

/** Puts a person's own text into the clipboard, so that it is never lost. */
export function CopyText({ text, mt = 0 }: { text: () => string; mt?: MantineSpacing }) {
  const { copy, copied, error } = useClipboard({ timeout: 4000 });
  return (
    <>
      <Button size="xs" color="red.9" mt={mt} onClick={() => copy(text())}>
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
