import type { Role } from "@tutti/protocol";
import { expect } from "vitest";
import type { CrowdRules } from "../../src/attendance/defaults.js";
import type { Roll } from "../../src/attendance/roll.js";
import type { RollEvent } from "../../src/attendance/roll-events.js";

interface Seen {
  role: Role;
  tabs: number;
  /** Since when all connections are lost. */
  lostAt: number | undefined;
  /** They said that they want to view, or somebody said so. */
  resting: boolean;
  editing: boolean;
  asking: boolean;
  granted: boolean;
  /** Moderated mode took their place. */
  displaced: boolean;
}

const canEdit = (role: Role): boolean => role === "editor" || role === "owner";

/**
 * Watches a roll from outside: keeps its own, much plainer account of what happened, and after each event asserts the
 * invariants that the roll promises (their numbers are those of `Roll`).
 */
export class Witness {
  readonly #roll: Roll;
  readonly #rules: CrowdRules;
  readonly #seen = new Map<string, Seen>();
  readonly #named = new Set<string>();
  /** When somebody was refused. */
  readonly #refused = new Map<string, number>();
  #moderated = false;
  #crowded = false;
  #calmSince: number | undefined;

  constructor(roll: Roll, rules: CrowdRules) {
    this.#roll = roll;
    this.#rules = rules;
  }

  apply(event: RollEvent, now: number): void {
    const lineBefore = this.#roll.asking.map(({ id }) => id);
    const asksToEdit = event.kind === "ask" && event.wish === "edit";
    const mayAsk = asksToEdit && this.#roll.refusalToAsk(event.user, now) === undefined;
    this.#passTime(now);
    this.#note(event, now, mayAsk);
    const changed = this.#roll.apply(event, now);
    this.#passTime(now);
    const promoted = this.#compare(event, changed);
    this.#checkLimits(promoted);
    this.#checkReasons(promoted, [...lineBefore, ...(asksToEdit ? [event.user] : [])]);
    this.#checkLine(lineBefore, promoted);
    this.#checkNobodyIsForgotten();
    if (mayAsk) expect(["editing", "asking"]).toContain(this.#roll.standing(event.user).place);
  }

  #note(event: RollEvent, now: number, mayAsk: boolean): void {
    switch (event.kind) {
      case "arrive":
        this.#arrive(event, now);
        break;
      case "leave":
        this.#leave(event.user, event.lost, now);
        break;
      case "ask":
        this.#update(event.user, (seen) => {
          if (event.wish === "view" && seen.tabs > 0) seen.resting = true;
          else if (mayAsk) seen.resting = false;
        });
        break;
      case "decide":
        this.#decide(event.user, event.edit, now);
        break;
      case "name":
        if (event.edit) this.#named.add(event.user);
        else this.#named.delete(event.user);
        if (event.edit) this.#refused.delete(event.user);
        this.#decide(event.user, event.edit, now);
        this.#update(event.user, (seen) => {
          if (event.edit) seen.resting = false;
        });
        break;
      case "moderate":
        this.#moderated = event.moderated;
        this.#named.clear();
        for (const id of event.named) this.#named.add(id);
    }
  }

  #arrive({ user, role, named }: Extract<RollEvent, { kind: "arrive" }>, now: number): void {
    const refusedAt = this.#refused.get(user.id);
    const resting = role !== "owner" && refusedAt !== undefined && now - refusedAt < this.#rules.askAgain;
    const fresh = { lostAt: undefined, resting, editing: false, asking: false };
    const no = { granted: false, displaced: false };
    const seen = this.#seen.get(user.id) ?? { role, tabs: 0, ...fresh, ...no };
    this.#seen.set(user.id, { ...seen, role, tabs: seen.tabs + 1, lostAt: undefined });
    if (named) this.#named.add(user.id);
    else this.#named.delete(user.id);
  }

  #leave(id: string, lost: boolean, now: number): void {
    this.#update(id, (seen) => {
      if (seen.tabs === 0) return;
      seen.tabs -= 1;
      if (seen.tabs > 0) return;
      if (lost && (seen.editing || seen.asking)) seen.lostAt = now;
      else this.#seen.delete(id);
    });
  }

  #decide(id: string, edit: boolean, now: number): void {
    this.#update(id, (seen) => {
      if (!seen.asking) return;
      if (edit) seen.granted = true;
      else {
        seen.resting = true;
        this.#refused.set(id, now);
      }
    });
  }

  /** (5) and (7). */
  #passTime(now: number): void {
    for (const [id, seen] of this.#seen) {
      if (seen.lostAt !== undefined && now - seen.lostAt >= this.#rules.heldPlace) this.#seen.delete(id);
    }
    const connections = [...this.#seen.values()].reduce((sum, { tabs }) => sum + tabs, 0);
    if (!this.#crowded) this.#crowded = connections > this.#rules.connections;
    if (!this.#crowded || connections >= this.#rules.calmConnections) this.#calmSince = undefined;
    else this.#calmSince ??= now;
    if (this.#calmSince !== undefined && now - this.#calmSince >= this.#rules.calm) this.#crowded = false;
    if (!this.#crowded) this.#calmSince = undefined;
  }

  /** Takes over who stands how now. @returns who has a place that had none before */
  #compare(event: RollEvent, changed: ReadonlySet<string>): readonly string[] {
    const promoted: string[] = [];
    for (const [id, seen] of this.#seen) {
      const { place } = this.#roll.standing(id);
      const editing = place === "editing";
      if (seen.editing !== editing || seen.asking !== (place === "asking")) expect(changed).toContain(id);
      if (editing && !seen.editing) {
        promoted.push(id);
        this.#refused.delete(id);
      }
      if (event.kind === "moderate" && seen.editing && !editing) seen.displaced = true;
      seen.editing = editing;
      seen.asking = place === "asking";
    }
    const { figures } = this.#roll;
    expect(figures.people).toBe(this.#count(({ tabs }) => tabs > 0));
    // (5): nobody else has anything.
    expect(figures.editors).toBe(this.#count(({ editing }) => editing));
    expect(figures.asking).toBe(this.#count(({ asking }) => asking));
    expect(figures.crowded).toBe(this.#crowded);
    expect(this.#roll.mode).toBe(this.#moderated ? "moderated" : this.#crowded ? "crowded" : "open");
    return promoted;
  }

  /** (1) and (2). */
  #checkLimits(promoted: readonly string[]): void {
    const { editors, mostEditors } = this.#rules;
    const { figures } = this.#roll;
    expect(figures.editors).toBeLessThanOrEqual(mostEditors);
    const letIn = promoted.filter((id) => this.#isLetIn(id));
    if (letIn.length < promoted.length) expect(figures.editors - letIn.length).toBeLessThanOrEqual(editors);
    for (const [id, seen] of this.#seen) {
      if (seen.editing) expect([id, this.#mayHave(id)]).toEqual([id, true]);
    }
  }

  /** Nobody is given a place who does not want it; in a crowd, only who asked for it. */
  #checkReasons(promoted: readonly string[], asked: readonly string[]): void {
    for (const id of promoted) {
      expect([id, this.#seen.get(id)?.resting, this.#isPresent(id)]).toEqual([id, false, true]);
      const seen = this.#seen.get(id);
      if (this.#roll.mode === "crowded" && seen?.role !== "owner" && !seen?.displaced) expect(asked).toContain(id);
      if (seen !== undefined) seen.displaced = false;
    }
  }

  /** (3) and (6). */
  #checkLine(before: readonly string[], promoted: readonly string[]): void {
    const line = this.#roll.asking.map(({ id }) => id);
    expect(new Set(line).size).toBe(line.length);
    for (const id of line) {
      expect(this.#seen.get(id)).toMatchObject({ asking: true, editing: false });
      expect([id, canEdit(this.#seen.get(id)?.role ?? "viewer")]).toEqual([id, true]);
    }
    if (this.#hasRoom(false)) expect(line.filter((id) => this.#isPresent(id) && this.#mayHave(id))).toEqual([]);
    // Of those who waited and were not granted a place, nobody who could have taken it was passed over.
    const ordinary = before.filter((id) => !this.#isLetIn(id) && this.#isPresent(id) && this.#mayHave(id));
    const served = ordinary.filter((id) => promoted.includes(id));
    const waiting = ordinary.filter((id) => line.includes(id) || promoted.includes(id));
    expect(waiting.slice(0, served.length)).toEqual(served);
    // Those who wait on keep their order.
    const granted = line.filter((id) => this.#seen.get(id)?.granted);
    expect(line.slice(0, granted.length)).toEqual(granted);
    const kept = before.filter((id) => line.includes(id) && !this.#seen.get(id)?.granted);
    expect(line.filter((id) => kept.includes(id))).toEqual(kept);
  }

  /** (4) and (8); in moderated mode the same holds for those who are named. */
  #checkNobodyIsForgotten(): void {
    for (const [id, seen] of this.#seen) {
      const isOwner = seen.role === "owner";
      const comesBy = isOwner || seen.granted || seen.displaced || this.#roll.mode !== "crowded";
      const wants = seen.tabs > 0 && this.#mayHave(id) && !seen.resting;
      if (wants && comesBy && this.#hasRoom(isOwner || seen.granted)) expect([id, seen.editing]).toEqual([id, true]);
      if (!seen.asking) seen.granted = false;
    }
  }

  #hasRoom(letIn: boolean): boolean {
    const { editors, mostEditors } = this.#rules;
    return this.#roll.figures.editors < (letIn || this.#moderated ? mostEditors : editors);
  }

  #isLetIn(id: string): boolean {
    const seen = this.#seen.get(id);
    return this.#moderated || seen?.role === "owner" || seen?.granted === true;
  }

  #mayHave(id: string): boolean {
    const seen = this.#seen.get(id);
    if (seen === undefined || !canEdit(seen.role)) return false;
    return !this.#moderated || seen.role === "owner" || this.#named.has(id);
  }

  #isPresent(id: string): boolean {
    return (this.#seen.get(id)?.tabs ?? 0) > 0;
  }

  #count(matches: (seen: Seen) => boolean): number {
    return [...this.#seen.values()].filter(matches).length;
  }

  #update(id: string, change: (seen: Seen) => void): void {
    const seen = this.#seen.get(id);
    if (seen !== undefined) change(seen);
  }
}
