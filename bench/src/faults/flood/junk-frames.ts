import { encodeOperation } from "@tutti/ot";
import type { SeededRandom } from "@tutti/testkit";

/** What no client would send: each of another kind of wrong. */
const KINDS: readonly ((random: SeededRandom) => Uint8Array | string)[] = [
  (random) => bytes(random, random.between(0, 200)),
  (random) => bytes(random, 5000),
  // Headers that promise lists, maps and texts of four thousand million, and say no more.
  (random) => Uint8Array.from([random.pick([0xdd, 0xdf, 0xdb, 0xc6] as const), 0xff, 0xff, 0xff, 0xff]),
  // A thousand lists in one another.
  () => new Uint8Array(1000).fill(0x91),
  () => "[".repeat(1000),
  () => '{"type":"fly"}',
  () => '{"type":"submit","document":"x","sequence":-1,"version":1e300,"operation":[{"retain":0.5}]}',
  () => '{"type":"open","document":"","client":"","__proto__":{"type":"ping"}}',
  () => `{"type":"hello","token":"${"x".repeat(9000)}"}`,
  () => "\ud800",
  () => encodeOperation([{ insert: "an operation without its message" }]),
  (random) => JSON.stringify({ type: "move", document: "d", cursor: { anchor: random.next(), head: null } }),
];

/** One frame of junk. */
export function junkFrame(random: SeededRandom): Uint8Array | string {
  return KINDS[random.integer(KINDS.length)]?.(random) ?? "";
}

function bytes(random: SeededRandom, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.integer(256));
}
