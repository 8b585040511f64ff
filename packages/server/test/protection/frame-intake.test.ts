import { VirtualClock } from "@tutti/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameIntake, type Incoming } from "../../src/protection/frame-intake.js";

/** Room for four large frames at once, of which none waits for the rate. */
const RULES = {
  receivingBytes: 1_000_000,
  smallFrameBytes: 1000,
  largeBytesPerSecond: 1_000_000_000,
  largeBytesBurst: 1_000_000_000,
};
const LARGEST = 80_000;

class Socket {
  pauses = 0;
  cut: string | undefined;
  readonly incoming: Incoming;

  constructor(intake: FrameIntake, greeted = true) {
    this.incoming = intake.open({
      pause: () => {
        this.pauses += 1;
        return () => {
          this.pauses -= 1;
        };
      },
      cutOff: (reason) => {
        this.cut = reason;
      },
    });
    if (greeted) this.incoming.frame();
  }
}

function world(count: number, rules = RULES) {
  const clock = new VirtualClock();
  const intake = new FrameIntake(clock, rules, LARGEST);
  return { clock, intake, sockets: Array.from({ length: count }, () => new Socket(intake)) };
}

describe("S12: what is being received", () => {
  it("small frames come whenever they like, however many sockets there are", () => {
    const { intake, sockets } = world(1000);
    for (const { incoming } of sockets) incoming.received(900);
    expect(sockets.every(({ pauses, cut }) => pauses === 0 && cut === undefined)).toBe(true);
    for (const { incoming } of sockets) incoming.frame();
    expect(intake.bytes).toBe(0);
  });

  it("large frames take turns: as many at once as fit, the others in the order in which they came", () => {
    const { intake, sockets } = world(6);
    for (const { incoming } of sockets) incoming.received(2000);
    expect(sockets.map(({ pauses }) => pauses)).toEqual([0, 0, 0, 0, 1, 1]);
    sockets[2]?.incoming.frame();
    expect(sockets.map(({ pauses }) => pauses)).toEqual([0, 0, 0, 0, 0, 1]);
    sockets[0]?.incoming.closed();
    expect(sockets.map(({ pauses }) => pauses)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(intake.waiting).toBe(0);
  });

  it("a seat is free again for the same socket's next frame", () => {
    const { intake, sockets } = world(1);
    const [socket] = sockets;
    for (let count = 0; count < 20; count += 1) {
      socket?.incoming.received(200_000);
      socket?.incoming.frame();
    }
    expect([socket?.pauses, socket?.cut, intake.bytes]).toEqual([0, undefined, 0]);
  });

  it("whoever holds a seat and sends nothing loses it as soon as somebody waits", async () => {
    const { clock, sockets } = world(5);
    for (const { incoming } of sockets.slice(0, 4)) incoming.received(60_000);
    await clock.advance(60_000);
    expect(sockets.map(({ cut }) => cut)).toEqual([undefined, undefined, undefined, undefined, undefined]);
    sockets[4]?.incoming.received(60_000);
    sockets[0]?.incoming.received(60_000);
    await clock.advance(5000);
    sockets[0]?.incoming.received(60_000);
    await clock.advance(5000);
    expect(sockets.map(({ cut }) => cut)).toEqual([
      undefined,
      "receiving_too_slowly",
      "receiving_too_slowly",
      "receiving_too_slowly",
      undefined,
    ]);
    expect(sockets[4]?.pauses).toBe(0);
  });

  it("what has ended is still in memory: the next ones are let in as fast as the rate allows, in their order", async () => {
    const rate = { largeBytesPerSecond: 1_000_000, largeBytesBurst: 100_000 };
    const { clock, intake, sockets } = world(7, { ...RULES, ...rate });
    for (const { incoming } of sockets.slice(0, 6)) incoming.received(100_000);
    const paused = () => sockets.map(({ pauses }) => pauses);
    sockets[0]?.incoming.frame();
    expect(paused()).toEqual([0, 0, 0, 0, 0, 1, 0]);
    // One is within the burst; 200 kB too many are paid off in 200 ms.
    sockets[1]?.incoming.frame();
    sockets[2]?.incoming.frame();
    expect(paused()).toEqual([0, 0, 0, 0, 0, 1, 0]);
    sockets[6]?.incoming.received(100_000);
    sockets[0]?.incoming.received(900);
    await clock.advance(199);
    expect(paused()).toEqual([0, 0, 0, 0, 0, 1, 1]);
    await clock.advance(1);
    expect([paused(), intake.waiting]).toEqual([[0, 0, 0, 0, 0, 0, 0], 0]);
  });

  it("a hello that never ends is cut off", () => {
    const intake = new FrameIntake(new VirtualClock(), RULES, LARGEST);
    const socket = new Socket(intake, false);
    socket.incoming.received(33_000);
    expect(socket.cut).toBeUndefined();
    socket.incoming.received(10);
    expect(socket.cut).toBe("hello_too_large");
    expect(intake.bytes).toBe(0);
  });

  it("in any history the account is exact and bounded, and nobody waits while a seat is free", () => {
    const event = fc.record({
      socket: fc.nat(29),
      kind: fc.constantFrom("bytes", "bytes", "bytes", "frame", "close"),
      bytes: fc.integer({ min: 1, max: 65_536 }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 300 }), (events) => {
        const { intake, sockets } = world(30);
        for (const { socket: index, kind, bytes } of events) {
          const socket = sockets[index];
          if (socket === undefined || socket.cut !== undefined) continue;
          // Nothing comes from a socket that is not read from.
          if (kind === "bytes" && socket.pauses === 0 && socket.incoming.bytes < LARGEST)
            socket.incoming.received(bytes);
          if (kind === "frame" && socket.pauses === 0) socket.incoming.frame();
          if (kind === "close") socket.incoming.closed();
          const open = sockets.map(({ incoming }) => incoming.bytes);
          expect(intake.bytes).toBe(open.reduce((sum, size) => sum + size, 0));
          expect(intake.bytes).toBeLessThanOrEqual(2 * RULES.receivingBytes + 4 * 65_536);
          const paused = sockets.filter(({ pauses }) => pauses > 0).length;
          const large = open.filter((size) => size > RULES.smallFrameBytes).length;
          expect(paused).toBe(intake.waiting);
          if (paused > 0) expect(large - paused).toBe(4);
        }
      }),
    );
  });
});
