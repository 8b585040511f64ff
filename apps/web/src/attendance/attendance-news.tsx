import { VisuallyHidden } from "@mantine/core";
import type { DocumentHandle } from "@tutti/client";
import { useEffect, useRef, useState } from "react";
import { notify } from "../notices/notice-store.js";
import { describeNews } from "./describe-news.js";

/** How long (ms) a notice about one's place stays. */
const LASTS = 8000;

/** Tells people when their place or the mode of the document changes, and who asks; the focus stays where it is. */
export function AttendanceNews({ document }: { document: DocumentHandle }) {
  const [spoken, setSpoken] = useState("");
  const before = useRef<DocumentHandle["attendance"]>(undefined);
  useEffect(() => {
    const tell = () => {
      const now = document.attendance;
      const news = now === undefined ? null : describeNews(before.current, now, document.role === "owner");
      before.current = now ?? before.current;
      if (news?.how === "shown") notify({ title: news.title, text: news.text, tone: "news", lasts: LASTS });
      if (news?.how === "spoken") setSpoken(news.title);
    };
    tell();
    return document.on("attendance", tell);
  }, [document]);
  return <VisuallyHidden aria-live="polite">{spoken}</VisuallyHidden>;
}
