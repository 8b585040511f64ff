import * as fc from "fast-check";

// The same cases at every run: what fails once fails again. `TUTTI_SEED=$RANDOM npm test` looks elsewhere.
fc.configureGlobal({ seed: Number(process.env["TUTTI_SEED"] ?? 1) });
