import { SeededRandom, VirtualClock } from "@tutti/testkit";
import { expect, it } from "vitest";
import { Replica } from "../../src/document/replica.js";
import { DeviceSession } from "../../src/offline/device.js";

it("works in memory, and says so, where the code for storage can't be loaded (C3)", async () => {
  const failures: string[] = [];
  const session = new DeviceSession(() => Promise.reject(new Error("no network")), {
    document: "doc",
    replica: new Replica("client"),
    clock: new VirtualClock(),
    random: new SeededRandom(1),
    connect: () => {
      throw new Error("there is nothing to connect for");
    },
    events: {
      changed: () => undefined,
      failed: ({ code, cause }) => failures.push(`${code}: ${cause}`),
      stranded: () => undefined,
    },
  });
  expect([session.stored, session.mayLeave]).toEqual([false, false]);
  expect(await session.open()).toBeUndefined();
  expect(failures).toEqual(["failed: Error: no network"]);
  expect([session.stored, session.mayLeave]).toEqual([false, true]);
  await session.drained();
  session.close(false);
});
