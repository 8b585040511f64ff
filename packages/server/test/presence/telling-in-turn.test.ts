import { describe, expect, it } from "vitest";
import { silentPresenceObserver } from "../../src/metrics/presence-observer.js";
import { DEFAULT_PRESENCE } from "../../src/presence/defaults.js";
import { PresenceState } from "../../src/presence/presence-state.js";
import { Room } from "../../src/presence/room.js";
import { Telling } from "../../src/presence/telling.js";
import { FakeParticipant } from "./fake-participant.js";

describe("telling, when a tick comes before the one before is over (S6)", () => {
  it("passes over nobody again and again", () => {
    const ticks: (() => void)[] = [];
    // A process so busy that what is left of a round never has its turn before the next one.
    const clock = {
      now: () => 0,
      schedule: (delay: number, task: () => void) => {
        if (delay > 0) ticks.push(task);
        return () => undefined;
      },
    };
    const history = { version: 0, inRounds: false, viewersWait: false, since: () => [] };
    const room = new Room({ random: { next: () => 0.5 }, history, sample: 50 });
    const env = { clock, rules: DEFAULT_PRESENCE, observer: silentPresenceObserver, allowed: () => true };
    const telling = new Telling("doc", room, env);
    const states = Array.from({ length: 40 }, (_, index) => new PresenceState(new FakeParticipant(`u${index}`), 0));
    for (const state of states) room.enter(state, false);
    const [first] = room.members();
    for (let turn = 0; turn < 6; turn += 1) {
      first?.state.says({ cursor: null, activity: turn % 2 === 0 ? "viewing" : "editing" }, 0);
      if (first !== undefined) room.moved(first);
      telling.plan();
      ticks.shift()?.();
    }
    const told = [...room.members()].map(({ state }) => (state.participant as FakeParticipant).heard.length);
    expect(Math.min(...told)).toBeGreaterThan(0);
  });
});
