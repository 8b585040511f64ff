import { Button, Group, Stack, Text } from "@mantine/core";
import { safeHref } from "@tutti/binding-prosemirror";
import { type FormEvent, useState } from "react";
import { AddressInput } from "./address-input.js";
import { completeAddress } from "./complete-address.js";

interface LinkFormProps {
  readonly href: string | undefined;
  /** Whether there is anything to link. */
  readonly hasTarget: boolean;
  /** Called with a safe address only. */
  onApply(address: string): void;
  onRemove(): void;
}

/** Asks where a link leads. */
export function LinkForm({ href, hasTarget, onApply, onRemove }: LinkFormProps) {
  const [address, setAddress] = useState(href ?? "");
  const [error, setError] = useState<string | null>(null);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const safe = safeHref(completeAddress(address));
    if (safe === undefined) setError("Enter an address such as https://example.org.");
    else onApply(safe);
  };
  if (!hasTarget) return <Text size="sm">Select the words first that should become a link.</Text>;
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="xs">
        <AddressInput value={address} onChange={setAddress} error={error} />
        <Group gap="xs" justify="flex-end">
          {href !== undefined && (
            <Button size="xs" variant="default" onClick={onRemove}>
              Remove link
            </Button>
          )}
          <Button size="xs" type="submit">
            Apply
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
