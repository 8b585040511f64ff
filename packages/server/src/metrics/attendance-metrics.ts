import { Counter, Gauge, type Registry } from "prom-client";
import type { AttendanceFigures, Observer } from "./observer.js";

/** Counts who edits and who views for Prometheus (O1, S11). */
export function attendanceMetrics(registry: Registry): Pick<Observer, "attendance" | "decided"> {
  const registers = [registry];
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Gauge({ name: `tutti_${name}`, help, labelNames, registers });

  const attended = gauge("documents_attended", "Documents that somebody has open, by mode", ["mode"]);
  const places = gauge("editing_places", "Persons with a place to edit, in all documents");
  const asking = gauge("asking", "Persons who ask for a place to edit, in all documents");
  const decisions = new Counter({
    name: "tutti_place_decisions_total",
    help: "Places to edit that somebody granted or refused",
    labelNames: ["decision"],
    registers,
  });
  const count = (figures: AttendanceFigures, sign: 1 | -1): void => {
    if (figures.people > 0) attended.inc({ mode: figures.mode }, sign);
    places.inc(sign * figures.editors);
    asking.inc(sign * figures.asking);
  };

  return {
    attendance(before, after) {
      count(before, -1);
      count(after, 1);
    },
    decided: (granted) => decisions.inc({ decision: granted ? "granted" : "refused" }),
  };
}
