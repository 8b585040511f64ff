import { Counter, type Registry } from "prom-client";
import type { Observer } from "./observer.js";

/** Counts what somebody should look at for Prometheus (O1, L4). */
export function alertMetrics(registry: Registry): Pick<Observer, "alert" | "contentCheck"> {
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name: `tutti_${name}`, help, labelNames, registers: [registry] });

  const alerts = counter("alerts_total", "Mass deletions, and edits that the content check flagged", ["kind"]);
  const checks = counter("content_checks_total", "Texts for the content check by what became of them", ["outcome"]);

  return {
    alert: (kind) => alerts.inc({ kind }),
    contentCheck: (outcome) => checks.inc({ outcome }),
  };
}
