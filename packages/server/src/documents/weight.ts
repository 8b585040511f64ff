import { type Component, isInsert, type Operation } from "@tutti/ot";

/** A component without its text: its object, its numbers, its place in a list. */
const COMPONENT = 48;
const BYTES_PER_UNIT = 2;

/** About how many bytes of memory an operation takes. O(components), and the size of attributes and embeds. */
export const weightOf = (operation: Operation): number =>
  operation.reduce((sum, component) => sum + COMPONENT + dataOf(component) * BYTES_PER_UNIT, COMPONENT);

function dataOf(component: Component): number {
  const attributes =
    "attributes" in component && component.attributes ? JSON.stringify(component.attributes).length : 0;
  if (!isInsert(component)) return attributes;
  const { insert } = component;
  return attributes + (typeof insert === "string" ? insert.length : JSON.stringify(insert).length);
}
