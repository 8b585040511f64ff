import { expect, it } from "vitest";
import { InTurn } from "../../src/attendance/in-turn.js";

it("tasks of one name run one after the other, those of another beside them; one that fails stops nobody", async () => {
  const inTurn = new InTurn();
  const log: string[] = [];
  const ends: (() => void)[] = [];
  const task = (name: string) => async (): Promise<string> => {
    log.push(`${name} begins`);
    await new Promise<void>((resolve) => ends.push(resolve));
    log.push(`${name} ends`);
    if (name === "a1") throw new Error(name);
    return name;
  };
  const results = [inTurn.run("a", task("a1")), inTurn.run("a", task("a2")), inTurn.run("b", task("b1"))];
  const settled = Promise.allSettled(results);
  await Promise.resolve();
  await Promise.resolve();
  expect(log).toEqual(["a1 begins", "b1 begins"]);
  for (const end of ends.splice(0)) end();
  await results[2];
  await results[0]?.catch(() => undefined);
  await Promise.resolve();
  expect(log.slice(2)).toEqual(["a1 ends", "b1 ends", "a2 begins"]);
  for (const end of ends) end();
  expect((await settled).map((result) => (result.status === "fulfilled" ? result.value : "failed"))).toEqual([
    "failed",
    "a2",
    "b1",
  ]);
});
