import { TextInput } from "@mantine/core";

interface AddressInputProps {
  readonly value: string;
  onChange(address: string): void;
  /** What is wrong with it; null: nothing. */
  readonly error: string | null;
}

/** Where the person writes an address of the web; it has the focus when the form opens. */
export function AddressInput({ value, onChange, error }: AddressInputProps) {
  return (
    <TextInput
      label="Address"
      placeholder="https://"
      inputMode="url"
      data-autofocus
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
    />
  );
}
