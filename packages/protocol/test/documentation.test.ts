import { readFileSync } from "node:fs";
import { Document, type Operation } from "@tutti/ot";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CLOSE_CODES, codecFor, DEFAULT_LIMITS, ERROR_KINDS, type Message, TuttiError } from "../src/index.js";
import { type AnyKind, DOWN, UP } from "../src/messages/directions.js";
import { MESSAGES } from "./generators.js";

const page = readFileSync(new URL("../../../docs/protocol.md", import.meta.url), "utf8");
const binary = codecFor("tutti.v1");
const json = codecFor("tutti.v1+json");

const section = (title: string): string => page.split(/^#{2,4} /m).find((part) => part.startsWith(title)) ?? "";
/** The rows of the first table, as cells. */
function rows(text: string): readonly (readonly string[])[] {
  const lines = text.split("\n").filter((line) => line.startsWith("| "));
  return lines.slice(2).map((line) => line.slice(2, -2).split(" | "));
}
const unquoted = (cell = ""): string => cell.replaceAll("`", "");

describe("docs/protocol.md", () => {
  it("lists exactly the errors that there are (paste the expected rows where this fails)", () => {
    const expected = Object.entries(ERROR_KINDS).map(
      ([code, { retry, meaning }]) => `| \`${code}\` | ${retry ? "yes" : "no"} | ${meaning} |`,
    );
    const written = section("8. Errors")
      .split("\n")
      .filter((line) => line.startsWith("| `"));
    expect(written.join("\n")).toBe(expected.join("\n"));
  });

  it("lists exactly the close codes that there are", () => {
    const written = rows(section("9. Close codes")).map(([code, name]) => [name, Number(code)]);
    expect(Object.fromEntries(written)).toEqual(CLOSE_CODES);
  });

  it("states the default limits", () => {
    const stated = rows(section("7. Limits")).map(([, value = ""]) => Number(value.replaceAll(",", "").split(" ")[0]));
    for (const limit of Object.values(DEFAULT_LIMITS)) expect(stated).toContain(limit);
  });

  for (const kind of [...UP, ...DOWN] as unknown as readonly AnyKind[]) {
    it(`describes ${kind.type} with its code and its fields in their order`, () => {
      const text = section(`${kind.type} · ${kind.code}\n`);
      expect(text).not.toBe("");
      expect(rows(text).map(([field]) => unquoted(field))).toEqual(kind.fields);
      const [sample] = fc.sample(MESSAGES[kind.type as Message["type"]], { numRuns: 1, seed: 1 });
      for (const [field = "", type = ""] of rows(text)) {
        const without = { type: kind.type, ...sample, [unquoted(field)]: undefined };
        const decode = (UP as readonly unknown[]).includes(kind) ? json.decodeUp : json.decodeDown;
        const read = () => decode(JSON.stringify(without));
        if (type.includes("optional")) expect(read()).not.toHaveProperty(unquoted(field));
        else expect(read).toThrow(TuttiError);
      }
    });
  }

  it("shows frames byte by byte as they are", () => {
    const examples = [...section("2. Encoding").matchAll(/^(\{.*\})\n((?:[0-9a-f]{2} ?)+)$/gm)];
    expect(examples).toHaveLength(4);
    for (const [, text = "", hex = ""] of examples) {
      const message = json.decodeUp(text);
      expect(Buffer.from(binary.encode(message) as Uint8Array).toString("hex")).toBe(hex.replaceAll(" ", ""));
      expect(JSON.stringify(binary.decodeUp(Buffer.from(hex.replaceAll(" ", ""), "hex")))).toBe(text);
    }
  });

  it("states true checksums", () => {
    const table = rows(section("4. Operations"));
    expect(table).toHaveLength(4);
    for (const [content, checksum] of table) {
      expect(Document.fromDelta(JSON.parse(unquoted(content))).checksum).toBe(Number(checksum));
    }
  });

  it("shows a session of true messages", () => {
    const lines = [...section("12. A session").matchAll(/^(Ann|Bob) ([→←]) (.*)$/gm)];
    expect(lines.length).toBeGreaterThan(20);
    for (const [, , arrow, text = ""] of lines) {
      if (text === '{"type":"fly"}') expect(() => json.decodeUp(text)).toThrow(TuttiError);
      else expect(json.encode(arrow === "→" ? json.decodeUp(text) : json.decodeDown(text))).toBe(text);
    }
  });

  it("shows a session in which every checksum is that of its version", () => {
    const received = [...section("12. A session").matchAll(/^\w+ ← (.*)$/gm)].map(([, text = ""]) =>
      json.decodeDown(text),
    );
    const noted = received.flatMap(versionsIn);
    const content = [1, 2, 3].reduce((document, version) => {
      const operation = noted.find((entry) => entry.version === version && entry.operation !== undefined)?.operation;
      const after = document.apply(operation ?? []);
      for (const entry of noted.filter((other) => other.version === version)) {
        expect(after.checksum).toBe(entry.checksum);
      }
      return after;
    }, Document.empty);
    expect(content.text()).toBe("HelloXY");
    expect(noted).toHaveLength(7);
  });
});

interface Noted {
  readonly version: number;
  readonly checksum: number | undefined;
  readonly operation: Operation | undefined;
}

/** The versions that a message speaks of. */
function versionsIn(message: Message): readonly Noted[] {
  if (message.type !== "opened" && message.type !== "committed") return [];
  const changes = message.changes ?? [];
  const first = message.type === "committed" ? message.version : message.version - changes.length + 1;
  const made = changes.map(({ operation, checksum }, index) => ({ version: first + index, checksum, operation }));
  if (message.type === "committed") return made;
  return [...made, { version: message.version, checksum: message.checksum, operation: message.content }];
}
