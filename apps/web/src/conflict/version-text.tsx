import { Box } from "@mantine/core";
import type { DocumentHandle } from "@tutti/client";
import { lazy, Suspense, useEffect, useRef } from "react";
import classes from "./conflict.module.css";
import type { Version } from "./versions.js";

/** Shows a text that can't be changed inside `parent`; the function returned takes it away. */
export type ShowVersion = (parent: HTMLElement, version: Version) => () => void;

const Rich = lazy(() => import("../rich/show-rich-version.js").then((module) => shownBy(module.showRichVersion)));
const Plain = lazy(() => import("../plain/show-plain-version.js").then((module) => shownBy(module.showPlainVersion)));

/** One of the texts, as the editor of its kind shows it, with the differences marked. */
export function VersionText({ kind, version }: { kind: DocumentHandle["kind"]; version: Version }) {
  const Text = kind === "rich" ? Rich : Plain;
  // What scrolls must be reached by the keyboard (WCAG 2.1.1).
  return (
    <Box component="section" className={classes.text} tabIndex={0} aria-label={version.title}>
      <Suspense>
        <Text version={version} />
      </Suspense>
    </Box>
  );
}

function shownBy(show: ShowVersion) {
  function Shown({ version }: { version: Version }) {
    const host = useRef<HTMLDivElement>(null);
    useEffect(() => {
      if (host.current === null) return;
      const remove = show(host.current, version);
      scrollToFirstDifference(host.current);
      return remove;
    }, [version]);
    return <div ref={host} />;
  }
  return { default: Shown };
}

function scrollToFirstDifference(host: HTMLElement): void {
  const first = host.querySelector<HTMLElement>(".tutti-difference");
  const frame = host.parentElement;
  if (first === null || frame === null) return;
  const offset = first.getBoundingClientRect().top - frame.getBoundingClientRect().top;
  frame.scrollTop += offset - frame.clientHeight / 3;
}
