import assert from "node:assert/strict";
import { test } from "node:test";

import { tracesAt } from "../../../sigviz/charts/live/frames.js";

const PANEL = {
  layout: { xaxis: { range: [0, 2] }, yaxis: { range: [0, 9] } },
  traces: [
    { type: "scatter", x: [0, 1], y: [5, 6] },
    { type: "scatter", x: [0], y: [0] },
    { type: "scatter", x: [2], y: [8] },
  ],
  moving: [
    {
      trace: 0,
      name: "y",
      rows: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    },
    { trace: 2, name: "x", rows: [[0], [1], [2]] },
    { trace: 2, name: "y", rows: [[6], [7], [8]] },
  ],
};

test("the newest state is what the traces say", () => {
  assert.deepEqual(tracesAt(PANEL, null), PANEL.traces);
});

test("at a frame, what moves has that frame's numbers", () => {
  const [line, still, point] = tracesAt(PANEL, 1);
  assert.deepEqual(
    [line.x, line.y],
    [
      [0, 1],
      [3, 4],
    ],
  );
  assert.deepEqual([still.x, still.y], [[0], [0]]);
  assert.deepEqual([point.x, point.y], [[1], [7]]);
  assert.deepEqual(PANEL.traces[0].y, [5, 6], "nothing is written into what was given");
});
