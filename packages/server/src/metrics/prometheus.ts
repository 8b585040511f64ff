import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { alertMetrics } from "./alert-metrics.js";
import { attendanceMetrics } from "./attendance-metrics.js";
import type { Observer } from "./observer.js";
import { presenceMetrics } from "./presence-metrics.js";

const MILLISECONDS = [0.5, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000];

/** An observer that counts for Prometheus; `text()` is the body of `/metrics` (O1). */
export function createPrometheusObserver(): Observer & { readonly contentType: string; text(): Promise<string> } {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter({ name: `tutti_${name}`, help, labelNames, registers });
  const gauge = (name: string, help: string) => new Gauge({ name: `tutti_${name}`, help, registers });
  const histogram = (name: string, help: string) =>
    new Histogram({ name: `tutti_${name}`, help, buckets: MILLISECONDS, registers });

  const connections = gauge("connections", "WebSocket connections open now");
  const documents = gauge("documents_loaded", "Documents in memory now");
  const operations = counter("operations_committed_total", "Operations made durable");
  const commit = histogram("commit_milliseconds", "From admission of an operation to its acknowledgement");
  const repeated = counter("operations_repeated_total", "Operations sent again and acknowledged again");
  const rejected = counter("rejected_total", "Refused messages by error code", ["code"]);
  const load = histogram("document_load_milliseconds", "Time to load a document from the store");
  const storageFailures = counter("storage_failures_total", "Store calls that failed");
  const bytesIn = counter("received_bytes_total", "Bytes of frames received from clients");
  const bytesOut = counter("sent_bytes_total", "Bytes of frames sent to clients");
  const missed = counter("catch_up_versions_total", "Versions told to those who had fallen behind");
  const pieces = counter("catch_up_changes_total", "Changes that these versions were composed into");
  const rounds = histogram("viewer_round_milliseconds", "Until everybody who views a crowded document was told");

  const divergences = counter("divergences_total", "Reports of clients that found another checksum than the server's");

  const level = gauge("degradation_level", "Degradation level, 0 (normal) to 5");
  const shedding = gauge("shedding_stage", "What is dropped: 0 nothing to 4 new opens and connections");
  const suspensions = counter("suspensions_total", "People or addresses suspended after repeated offence");
  const turnedAway = counter("connections_refused_total", "Connections refused before they were open", ["code"]);
  const admissionWaiting = gauge("admission_waiting", "Connections that wait until they are let in");
  const admissionReserved = gauge("admission_reserved", "Slots reserved for connections that were turned away");
  const admitted = histogram("admission_milliseconds", "From the proof who somebody is to being let in");
  const loadsWaiting = gauge("document_loads_waiting", "Documents that wait for being read from the store");

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    presence: presenceMetrics(registry),
    ...attendanceMetrics(registry),
    ...alertMetrics(registry),
    connections: (open) => connections.set(open),
    documents: (loaded) => documents.set(loaded),
    committed(count, milliseconds) {
      operations.inc(count);
      commit.observe(milliseconds);
    },
    repeated: () => repeated.inc(),
    rejected: (code) => rejected.inc({ code }),
    loaded: (milliseconds) => load.observe(milliseconds),
    storageFailed: () => storageFailures.inc(),
    frameIn: (bytes) => bytesIn.inc(bytes),
    frameOut: (bytes) => bytesOut.inc(bytes),
    condition(newLevel, newShedding) {
      level.set(newLevel);
      shedding.set(newShedding);
    },
    suspended: () => suspensions.inc(),
    turnedAway: (code) => turnedAway.inc({ code }),
    admission(waiting, reserved) {
      admissionWaiting.set(waiting);
      admissionReserved.set(reserved);
    },
    admitted: (milliseconds) => admitted.observe(milliseconds),
    loadsWaiting: (count) => loadsWaiting.set(count),
    caughtUp(versions, changes) {
      missed.inc(versions);
      pieces.inc(changes);
    },
    viewersTold: (_viewers, milliseconds) => rounds.observe(milliseconds),
    diverged: () => divergences.inc(),
  };
}
