import { Button, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Mark } from "../layout/mark.js";
import { Page } from "../layout/page.js";
import { ThemeSwitch } from "../theme/theme-switch.js";
import classes from "./sign-in.module.css";
import { useSignIn } from "./use-sign-in.js";

const LONGEST_NAME = 80;

/** Asks a guest for a name. The address stays, so that they arrive where they wanted to go. */
export function SignInPage() {
  const [name, setName] = useState("");
  const { busy, error, submit } = useSignIn();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (error !== null) field.current?.focus();
  }, [error]);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit(name);
  };
  return (
    <Page title="Sign in">
      <div className={classes.corner}>
        <ThemeSwitch />
      </div>
      <Paper className={classes.card} withBorder shadow="sm" radius="lg">
        <form onSubmit={onSubmit} noValidate>
          <Stack gap="lg">
            <div className={classes.heading}>
              <Mark size={52} />
              <Title order={1} size="h2">
                Welcome to Tutti
              </Title>
              <Text c="dimmed">Write one document together, letter by letter, with nothing lost.</Text>
            </div>
            <TextInput
              ref={field}
              label="Your name"
              description="Others see it beside your cursor."
              size="md"
              autoFocus
              autoComplete="nickname"
              maxLength={LONGEST_NAME}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={error}
            />
            <Button type="submit" size="md" fullWidth loading={busy}>
              Continue
            </Button>
          </Stack>
        </form>
      </Paper>
    </Page>
  );
}
