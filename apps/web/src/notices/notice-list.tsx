import { NoticeCard } from "./notice-card.js";
import classes from "./notices.module.css";
import { useNotices } from "./use-notices.js";

/** The notices in the corner of the window. */
export function NoticeList() {
  return (
    <section className={classes.list} aria-label="Notices">
      {useNotices().map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </section>
  );
}
