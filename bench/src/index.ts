/** @tutti/bench: what we measure. The replay of recorded sessions is a command: `npm run replay -- --help`. */

export { floodWithJunk } from "./faults/flood/junk.js";
export { pasteAsOneFrame } from "./faults/flood/pastes.js";
export { type CampaignReport, type CampaignSettings, runKillCampaign } from "./faults/kill/campaign.js";
export { auditTokens, type TokenAudit, tokenOf } from "./faults/kill/tokens.js";
export { CodePointText, type UnitPatch } from "./replay/code-point-text.js";
export { byteSize, type Difference, firstDifference, grouped, Latencies } from "./replay/figures.js";
export { ServerApi } from "./replay/server-api.js";
export { type Patch, parseTrace, readTrace, type Trace, TraceError } from "./replay/trace.js";
