/**
 * What a document needs once its text is there, in one file that is loaded then: who else is here, and what to do where
 * this replica and the server do not agree. Only `loading-afterwards` imports it.
 */
export { diff } from "@tutti/ot";
export { DivergenceReports } from "./conflict/divergence-reports.js";
export { Presence } from "./presence/presence.js";
