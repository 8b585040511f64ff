import type { Cancel, Clock } from "@tutti/protocol";
import type { Place } from "../delivery/participant.js";
import type { PresenceObserver } from "../metrics/presence-observer.js";
import type { PresenceRules } from "./defaults.js";
import { News, NOTHING_TOLD } from "./news.js";
import type { Member, Room } from "./room.js";
import { seesViewers, sightOf } from "./sight.js";

export interface TellingEnvironment {
  readonly clock: Clock;
  readonly rules: Pick<PresenceRules, "tick" | "messages">;
  readonly observer: PresenceObserver;
  /** False while there is too much to do for presence (S7). */
  readonly allowed: () => boolean;
}

/** So many are told before others have their turn: no edit waits for more than these. */
const SLICE = { editing: 16, viewing: 64 } as const;
/** How long (ms) to wait before looking again whether telling is allowed. */
const SHED_PAUSE = 500;

/** Everybody who edits, or everybody who views, is told once, in slices. */
interface Round {
  readonly place: Place;
  readonly news: News;
  readonly members: Iterator<Member>;
  /** Somebody had no room. */
  waiting: boolean;
}

/**
 * Tells everybody in one room what is new: on each tick, or as often as so many can be told. Those who view are told apart
 * from those who edit (S11): in a crowd together with the text, because a cursor can't be carried to amid several operations
 * that come as one. Nothing waits for anybody: who has no room now gets the newest state when there is (S6).
 */
export class Telling {
  readonly #document: string;
  readonly #room: Room;
  readonly #env: TellingEnvironment;
  #planned: Cancel | undefined;
  /** Those under way, one for each place. */
  readonly #rounds = new Map<Place, Round>();
  #lastRound = Number.NEGATIVE_INFINITY;
  /** Those who edit, when they were told the last time. */
  #editors = 0;

  constructor(document: string, room: Room, env: TellingEnvironment) {
    this.#document = document;
    this.#room = room;
    this.#env = env;
  }

  /** There is something to tell. */
  plan(delay = Math.max(this.#env.rules.tick, this.#pause(this.#editors))): void {
    this.#planned ??= this.#env.clock.schedule(delay, () => {
      this.#planned = undefined;
      if (this.#env.allowed()) this.#tick();
      else this.plan(SHED_PAUSE);
    });
  }

  /** Those who view are about to be brought to the newest version: now cursors are right for them. */
  roundBegins(): void {
    if (this.#rounds.has("viewing") || !this.#env.allowed()) return;
    this.#env.observer.dropped(this.#room.settle());
    const news = this.#news();
    let viewers = 0;
    for (const { state } of this.#room.members()) if (state.participant.place === "viewing") viewers += 1;
    this.#startRound(news, viewers);
    // Who edits is told of it on the tick, and who views after this round.
    this.plan();
  }

  stop(): void {
    this.#planned?.();
    this.#planned = undefined;
    this.#rounds.clear();
  }

  #tick(): void {
    this.#env.observer.dropped(this.#room.settle());
    const news = this.#news();
    let viewers = 0;
    let waiting = false;
    this.#editors = 0;
    for (const member of this.#room.members()) {
      if (member.state.participant.place === "viewing") {
        viewers += 1;
        waiting ||= member.told < news.moment;
      } else this.#editors += 1;
    }
    this.#goOn(this.#begin("editing", news));
    if (viewers > 0 && !this.#room.history.viewersWait) this.#startRound(news, viewers);
    if (waiting || this.#room.unfinished) this.plan();
  }

  /** From one message to the next for each of so many, in milliseconds. */
  #pause(count: number): number {
    return (count * 1000) / this.#env.rules.messages;
  }

  #startRound(news: News, viewers: number): void {
    const now = this.#env.clock.now();
    if (this.#rounds.has("viewing") || now - this.#lastRound < this.#pause(viewers)) return;
    this.#lastRound = now;
    this.#goOnLater(this.#begin("viewing", news));
  }

  /**
   * A new one. Where the one before is not over, it goes on from there, so that nobody is passed over again and again: its
   * news hold all that somebody was not told of, and those who come first get them in the next.
   */
  #begin(place: Place, news: News): Round {
    const before = this.#rounds.get(place);
    const members = before?.members ?? this.#room.members()[Symbol.iterator]();
    const round = { place, news, members, waiting: before !== undefined };
    this.#rounds.set(place, round);
    return round;
  }

  /** After the text, where that is told in this moment. */
  #goOnLater(round: Round): void {
    this.#env.clock.schedule(0, () => {
      if (this.#rounds.get(round.place) === round) this.#goOn(round);
    });
  }

  #goOn(round: Round): void {
    const { place, news, members } = round;
    for (let told = 0; told < SLICE[place]; ) {
      const { value: member, done } = members.next();
      if (done) {
        this.#rounds.delete(place);
        if (round.waiting && place === "editing") this.plan();
        return;
      }
      if (member.state.participant.place !== place) continue;
      if (!this.#tell(member, news)) round.waiting = true;
      told += 1;
    }
    this.#goOnLater(round);
  }

  /** @returns false when it has no room for what is new */
  #tell(member: Member, news: News): boolean {
    const { participant } = member.state;
    if (seesViewers(participant) !== member.toldOfViewers) member.told = NOTHING_TOLD;
    if (member.told >= news.moment) return true;
    if (!participant.hasRoom) return false;
    const missed = member.told < news.moment - 1;
    const sight = sightOf(participant, missed || (participant.place === "viewing" && this.#room.history.inRounds));
    const message = news.for({ sight, told: member.told, user: participant.user.id });
    member.told = news.moment;
    member.toldOfViewers = sight.viewers;
    if (message === undefined) return true;
    this.#env.observer.told();
    participant.send(message);
    return true;
  }

  #news(): News {
    return new News(this.#document, this.#room.faces, this.#env.clock.now());
  }
}
