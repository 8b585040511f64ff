import { type Component, isInsert, type Operation } from "@tutti/ot";

/** In memory: a component without its text (its object, its numbers, its place in a list), and a unit of text. */
const OBJECT = 48;
const UNIT = 2;
/** In a frame, in the binary encoding: a component without its text. */
const FRAMED = 14;

/** About how many bytes of memory an operation takes. O(components), and the size of attributes and embeds. */
export const memoryOf = (operation: Operation): number =>
  operation.reduce((sum, component) => sum + OBJECT + UNIT * dataOf(component), OBJECT);

/** About how many bytes of a frame an operation takes; text beyond ASCII takes up to three times as much. */
export const frameBytesOf = (operation: Operation): number =>
  operation.reduce((sum, component) => sum + FRAMED + dataOf(component), FRAMED);

/** UTF-16 units of text, and of attributes and embeds as JSON. */
function dataOf(component: Component): number {
  const attributes =
    "attributes" in component && component.attributes ? JSON.stringify(component.attributes).length : 0;
  if (!isInsert(component)) return attributes;
  const { insert } = component;
  return attributes + (typeof insert === "string" ? insert.length : JSON.stringify(insert).length);
}
