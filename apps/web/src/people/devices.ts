import type { Device } from "@tutti/client";
import type { IconName } from "../icons/paths.js";

/** How a device is called, and drawn. */
export const DEVICES: Readonly<Record<Device, { readonly name: string; readonly icon: IconName }>> = {
  computer: { name: "computer", icon: "device" },
  tablet: { name: "tablet", icon: "tablet" },
  phone: { name: "phone", icon: "phone" },
  program: { name: "program", icon: "code" },
};
