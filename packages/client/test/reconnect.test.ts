import { describe, expect, it } from "vitest";
import { DOCUMENT, opened, outcomeOf, type World } from "./world.js";

/** Waits for the first attempt after a loss. */
async function comeBack({ clock, server }: World): Promise<void> {
  await clock.advance(1000);
  server.pump();
}

function expectTogether({ doc, server }: World): void {
  expect(doc.text()).toBe(server.document.text());
  expect(doc.checksum).toBe(server.document.checksum);
  expect(doc.version).toBe(server.version);
  expect(doc.status).toBe("Saved");
}

describe("the connection is lost", () => {
  it("before an edit was made: it is sent after coming back, and only what was missed comes down (C5)", async () => {
    const world = opened("abc");
    const { server, doc } = world;
    server.connection.lose();
    server.commit([{ insert: "X" }]);
    doc.insert(3, "!");
    await comeBack(world);
    expect(server.connection.received.map((up) => up.type)).toEqual(["hello", "open", "submit"]);
    expect(server.connection.received[1]).toMatchObject({ version: 0 });
    expect(doc.text()).toBe("Xabc!");
    expectTogether(world);
  });

  it("after an edit was sent, before it arrived: it is sent again, moved, with the same sequence", async () => {
    const world = opened("abc");
    const { server, doc } = world;
    doc.insert(3, "1");
    doc.insert(4, "2");
    server.connection.lose();
    expect(server.log).toEqual([]);
    server.commit([{ insert: "X" }]);
    await comeBack(world);
    expect(server.submits[0]).toMatchObject({ sequence: 1, version: 1, operation: [{ retain: 4 }, { insert: "1" }] });
    expect(doc.text()).toBe("Xabc12");
    expectTogether(world);
  });

  it("after an edit was committed, before the acknowledgement came: it is not sent again", async () => {
    const world = opened("abc");
    const { server, doc } = world;
    server.commit([{ insert: "X" }]);
    doc.insert(3, "1");
    doc.insert(4, "2");
    server.connection.deliverUp();
    server.commit([{ insert: "Y" }]);
    const saved = doc.saved();
    server.connection.lose();
    expect(doc.text()).toBe("abc12");
    await comeBack(world);
    expect(server.submits.map((submit) => submit.sequence)).toEqual([1, 2]);
    expect(doc.text()).toBe("YXabc12");
    expectTogether(world);
    expect(await outcomeOf(saved)).toBe("fulfilled");
  });

  it("after the edit arrived, and the commit was told: nothing is left to send", async () => {
    const world = opened("abc");
    const { server, doc } = world;
    doc.insert(3, "1");
    server.connection.pump();
    server.connection.lose();
    await comeBack(world);
    expect(server.submits).toHaveLength(1);
    expectTogether(world);
  });

  it("again and again, at every step of a session", async () => {
    for (let step = 0; step < 40; step += 1) {
      const world = opened("start");
      const { server, doc } = world;
      let steps = 0;
      const perhapsLose = async (): Promise<void> => {
        if (steps === step) {
          server.connection.lose();
          doc.insert(0, "o");
          await world.clock.advance(1000);
          server.connection.open();
        }
        steps += 1;
      };
      for (const letter of "abc") {
        doc.insert(doc.length, letter);
        await perhapsLose();
        server.commit([{ insert: "X" }]);
        for (let frame = 0; frame < 3; frame += 1) {
          server.connection.deliverUp(1);
          await perhapsLose();
          server.connection.deliverDown(1);
          await perhapsLose();
        }
      }
      server.pump();
      expectTogether(world);
      expect(doc.text()).toMatch(step < steps ? /^[oX]{4}startabc$/ : /^XXXstartabc$/);
    }
  });

  it("an acknowledgement of a repetition that arrives twice is taken once", () => {
    const world = opened("");
    const { server, doc } = world;
    doc.insert(0, "a");
    server.connection.deliverUp();
    const again = { type: "acknowledged", document: DOCUMENT, sequence: 1, version: 1 } as const;
    server.connection.dropDown();
    server.connection.send(again);
    server.connection.send(again);
    server.pump();
    expectTogether(world);
  });

  it("an acknowledgement of a version far ahead means that something was missed", () => {
    const world = opened("");
    const { server, doc } = world;
    server.commit([{ insert: "X" }]);
    doc.insert(0, "a");
    server.connection.deliverUp();
    server.connection.dropDown(2);
    server.connection.send({ type: "acknowledged", document: DOCUMENT, sequence: 1, version: 2 });
    server.pump();
    expectTogether(world);
  });

  it("and the server has only the content left: taken where nothing is pending", async () => {
    const world = opened("one two");
    const { server, doc, changes } = world;
    server.connection.lose();
    server.commit([{ retain: 4 }, { insert: "2" }, { delete: 3 }]);
    contentOnly(world);
    await comeBack(world);
    expect(changes).toMatchObject([{ delta: [{ retain: 4 }, { insert: "2" }, { delete: 3 }], origin: "remote" }]);
    expect(doc.text()).toBe("one 2");
    expectTogether(world);
  });

  it("and the server has only the content left: what is pending moves over the difference, and is sent", async () => {
    const world = opened("one two");
    const { server, doc, changes, errors } = world;
    server.connection.lose();
    doc.insert(7, " mine");
    const saved = doc.saved();
    server.commit([{ retain: 4 }, { insert: "and " }]);
    contentOnly(world);
    await comeBack(world);
    expect(changes.at(-1)).toMatchObject({ delta: [{ retain: 4 }, { insert: "and " }], origin: "remote" });
    expect([doc.text(), errors]).toEqual(["one and two mine", []]);
    expect(await outcomeOf(saved)).toBe("fulfilled");
    expectTogether(world);
  });

  it.each([
    ["is part of it, by its sequence: not sent again", true, [1, 2]],
    ["is not part of it: sent again", false, [1, 1, 2]],
  ])("and the server has only the content left; what was in flight %s", async (_name, committed, sequences) => {
    const world = opened("one two");
    const { server, doc } = world;
    doc.insert(7, " three");
    doc.insert(13, " four");
    if (!committed) server.intercept = (_connection, message) => message.type === "submit";
    server.connection.deliverUp();
    server.connection.lose();
    server.commit([{ insert: "zero " }]);
    contentOnly(world);
    await comeBack(world);
    expect(server.document.text()).toBe("zero one two three four");
    expect(server.submits.map((submit) => submit.sequence)).toEqual(sequences);
    expectTogether(world);
  });
});

/** From now on the server answers every `open` with the whole content. */
function contentOnly({ server }: World): void {
  server.answersContentOnly = true;
  server.intercept = () => false;
}
