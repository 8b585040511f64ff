import { Avatar, Menu, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { Icon } from "../icons/icon.js";
import { Mark } from "../layout/mark.js";
import { Link } from "../navigation/link.js";
import type { Session } from "../session/session.js";
import { type DocumentAtStake, documentsAtStake, signOut } from "../session/sign-out.js";
import { SignOutDialog } from "../session/sign-out-dialog.js";
import { ThemeSwitch } from "../theme/theme-switch.js";
import classes from "./home.module.css";

/** The name of the app, and the person's own menu. */
export function HomeHeader({ session }: { session: Session }) {
  const { name } = session.user;
  const [atStake, setAtStake] = useState<readonly DocumentAtStake[]>([]);
  const leave = () => {
    const documents = documentsAtStake(session);
    if (documents.length === 0) void signOut(session);
    else setAtStake(documents);
  };
  return (
    <header className={classes.header}>
      <Link href="/" className={classes.brand}>
        <Mark />
        Tutti
      </Link>
      <ThemeSwitch />
      <Menu>
        <Menu.Target>
          <UnstyledButton className={classes.me} aria-label={`Your menu, ${name}`}>
            <Avatar size={30} name={name} color="pine" variant="filled" aria-hidden />
            <span className={classes.name}>{name}</span>
            <Icon name="chevron" size={14} />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Signed in as {name}</Menu.Label>
          <Menu.Item leftSection={<Icon name="signOut" size={16} />} onClick={leave}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <SignOutDialog session={session} documents={atStake} onDocuments={setAtStake} onClose={() => setAtStake([])} />
    </header>
  );
}
