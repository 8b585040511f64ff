import type { ReactNode } from "react";
import type { DocumentRecord } from "../api.js";
import { Icon } from "../icons/icon.js";
import { Link } from "../navigation/link.js";
import { documentPath } from "../navigation/route.js";
import { describeTime } from "./describe-time.js";
import classes from "./home.module.css";
import { type Availability, KeptBadge } from "./kept-badge.js";

const KINDS = { rich: "Rich text", plain: "Plain text" } as const;

interface DocumentRowProps {
  readonly document: DocumentRecord;
  readonly availability: Availability;
  /** The person's own things to do with it. */
  readonly menu: ReactNode;
}

/** One document in the list. */
export function DocumentRow({ document, availability, menu }: DocumentRowProps) {
  const { id, kind, title, updatedAt } = document;
  return (
    <li className={classes.row} data-out-of-reach={availability === "out of reach" || undefined}>
      <span className={classes.kind} data-kind={kind}>
        <Icon name={kind} size={22} />
      </span>
      <div className={classes.what}>
        <Link href={documentPath(id)} className={classes.title}>
          {title === "" ? "Untitled" : title}
        </Link>
        <p className={classes.detail}>
          {KINDS[kind]} · changed{" "}
          <time dateTime={new Date(updatedAt).toISOString()} title={new Date(updatedAt).toLocaleString("en-GB")}>
            {describeTime(updatedAt, Date.now())}
          </time>
          <KeptBadge availability={availability} />
        </p>
      </div>
      {menu}
    </li>
  );
}
