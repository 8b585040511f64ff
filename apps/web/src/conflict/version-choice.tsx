import { Tabs } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import type { Conflict, DocumentHandle } from "@tutti/client";
import { useMemo } from "react";
import classes from "./conflict.module.css";
import { VersionText } from "./version-text.js";
import { versionsOf } from "./versions.js";

/** The texts to choose from: side by side, or behind tabs where there is no room for that. */
export function VersionChoice({ conflict, kind }: { conflict: Conflict; kind: DocumentHandle["kind"] }) {
  const versions = useMemo(() => versionsOf(conflict), [conflict]);
  const narrow = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  if (narrow && versions.length > 1) {
    return (
      <Tabs defaultValue={versions.at(-1)?.name ?? "mine"} className={classes.tabs} keepMounted={false}>
        <Tabs.List grow>
          {versions.map(({ name, title }) => (
            <Tabs.Tab key={name} value={name}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {versions.map((version) => (
          <Tabs.Panel key={version.name} value={version.name} className={classes.panel}>
            <VersionText kind={kind} version={version} />
          </Tabs.Panel>
        ))}
      </Tabs>
    );
  }
  return (
    <div className={classes.columns}>
      {versions.map((version) => (
        <div key={version.name} className={classes.column}>
          <h3 className={classes.heading}>{version.title}</h3>
          <VersionText kind={kind} version={version} />
        </div>
      ))}
    </div>
  );
}
