import { describe } from "vitest";
import { testSeeds } from "./seeds.js";

// Two files, so that two cores share them.
describe("five people, faults everywhere: nothing lost, nothing doubled, all the same", () => {
  testSeeds(0, 500);
});
