import { Counter, Gauge, type Registry } from "prom-client";
import type { PresenceObserver } from "./presence-observer.js";

/** Counts what happens in presence for Prometheus (O1). */
export function presenceMetrics(registry: Registry): PresenceObserver {
  const registers = [registry];
  const gauge = (name: string, help: string) => new Gauge({ name: `tutti_presence_${name}`, help, registers });
  const counter = (name: string, help: string) =>
    new Counter({ name: `tutti_presence_${name}_total`, help, registers });

  const rooms = gauge("rooms", "Documents in which somebody is");
  const clients = gauge("entries", "Clients in these documents");
  const moves = counter("moves", "Statements of clients where they are");
  const dropped = counter("dropped", "Of these, left out: too many, too late, or of a version nobody knows any more");
  const messages = counter("messages", "Messages to clients who is here, and where");
  const up = gauge("up", "1 while presence works, 0 when it failed or is switched off");
  const restarts = counter("restarts", "Times that presence was started again after a failure");

  return {
    size(newRooms, newClients) {
      rooms.set(newRooms);
      clients.set(newClients);
    },
    moved: () => moves.inc(),
    dropped: (count) => dropped.inc(count),
    told: () => messages.inc(),
    up: (works) => up.set(works ? 1 : 0),
    restarted: () => restarts.inc(),
  };
}
