import assert from "node:assert/strict";
import { test } from "node:test";

import { reading } from "../../../sigviz/charts/live/transport.js";

const DONE = { state: "done", steps: [0, 10, 20], planned: 20, progress: 20 };

test("a finished run can be moved in, by frames that are named by their steps", () => {
  assert.deepEqual(reading(DONE, 1), { still: false, value: 1, max: 2, text: "step 10 of 20" });
});

test("a run under way fills the slider up and cannot be moved in", () => {
  const running = { state: "running", steps: [7], planned: 20, progress: 7 };
  assert.deepEqual(reading(running, 0), { still: true, value: 7, max: 20, text: "step 7 of 20" });
});

test("a run of one state has nowhere to go", () => {
  const one = { ...DONE, steps: [0], planned: 0 };
  assert.deepEqual(reading(one, 0), { still: true, value: 0, max: 1, text: "step 0 of 0" });
  assert.equal(reading({ ...DONE, steps: [] }, 0).text, "");
});
