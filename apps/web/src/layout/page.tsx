import { useDocumentTitle } from "@mantine/hooks";
import { type ReactNode, useEffect, useRef } from "react";
import classes from "./page.module.css";

interface PageProps {
  /** Shown in the tab of the browser. */
  readonly title: string;
  readonly header?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of every page. A new page takes the focus, unless something in it already did. */
export function Page({ title, header, children }: PageProps) {
  const main = useRef<HTMLElement>(null);
  useDocumentTitle(title === "" ? "Tutti" : `${title} · Tutti`);
  useEffect(() => {
    if (document.activeElement === null || document.activeElement === document.body) main.current?.focus();
  }, []);
  return (
    <div className={classes.page}>
      {header}
      <main ref={main} tabIndex={-1} className={classes.main}>
        {children}
      </main>
    </div>
  );
}
