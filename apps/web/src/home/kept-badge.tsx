import { Icon } from "../icons/icon.js";
import type { IconName } from "../icons/paths.js";
import classes from "./home.module.css";

/**
 * `online`: it opens with a network only, and there is one; `kept`: also without one; `waiting`: it holds text that has
 * not reached the server; `out of reach`: it is not here, and there is no network.
 */
export type Availability = "online" | "kept" | "waiting" | "out of reach";

const LOOKS: Readonly<Record<Exclude<Availability, "online">, { readonly icon: IconName; readonly words: string }>> = {
  kept: { icon: "device", words: "On this device" },
  waiting: { icon: "saving", words: "Not sent yet" },
  "out of reach": { icon: "offline", words: "Needs a network" },
};

/** Whether a document opens without a network, in words. */
export function KeptBadge({ availability }: { availability: Availability }) {
  if (availability === "online") return null;
  const { icon, words } = LOOKS[availability];
  return (
    <span className={classes.badge} data-tone={availability === "waiting" ? "busy" : undefined}>
      <Icon name={icon} size={14} />
      {words}
    </span>
  );
}
