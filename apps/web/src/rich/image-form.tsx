import { Button, Group, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { AddressInput } from "./address-input.js";
import { completeAddress } from "./complete-address.js";

interface ImageFormProps {
  /** @returns false: there can't be such an image at the caret */
  onInsert(address: string, description: string): boolean;
}

/** Asks where an image is, and what it shows. */
export function ImageForm({ onInsert }: ImageFormProps) {
  const [address, setAddress] = useState("");
  const [description, setDescription] = useState("");
  const [error, setError] = useState<string | null>(null);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (onInsert(completeAddress(address), description.trim())) return;
    setError("Enter an address such as https://example.org/a.png, with the caret outside of code.");
  };
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="xs">
        <AddressInput value={address} onChange={setAddress} error={error} />
        <TextInput
          label="Description"
          description="For people who don't see it."
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button size="xs" type="submit">
            Insert
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
