import assert from "node:assert/strict";
import { test } from "node:test";

import { movesAt, onlyMarksMove, tracesAt } from "../../../sigviz/charts/live/frames.js";

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

test("the moves name each trace that moves once, with all that moves in it", () => {
  assert.deepEqual(movesAt(PANEL, 0), {
    traces: [0, 2],
    data: [{ y: [1, 2] }, { x: [0], y: [6] }],
  });
});

test("marks alone move where the axes are fixed, by the server or by a zoom", () => {
  const { layout } = PANEL;
  const free = { ...PANEL, layout: { ...layout, yaxis: {} } };
  const half = { ...PANEL, layout: { ...layout, yaxis: { range: [0, null] } } };
  assert.ok(onlyMarksMove(PANEL, {}));
  assert.ok(!onlyMarksMove(free, {}));
  assert.ok(!onlyMarksMove(half, {}), "one end fits itself to the data");
  assert.ok(onlyMarksMove(free, { yaxis: [0, 1] }));
  assert.ok(onlyMarksMove({ ...free, moving: [] }, {}), "nothing moves");
});

test("an axis along which nothing moves may fit itself to the data", () => {
  const { layout } = PANEL;
  const free = { ...PANEL, layout: { ...layout, xaxis: {} } };
  const [, across] = PANEL.moving;
  assert.ok(onlyMarksMove({ ...free, moving: PANEL.moving.slice(0, 1) }, {}));
  assert.ok(!onlyMarksMove({ ...free, moving: [across] }, {}));
});

test("a trace is held against its own axes", () => {
  const traces = [{ ...PANEL.traces[0], yaxis: "y2" }];
  const panel = { ...PANEL, traces, moving: PANEL.moving.slice(0, 1) };
  assert.ok(!onlyMarksMove(panel, {}));
  const layout = { ...PANEL.layout, yaxis2: { range: [0, 1] } };
  assert.ok(onlyMarksMove({ ...panel, layout }, {}));
});

test("words, and charts beside a heatmap or without axes, are no marks that move", () => {
  const words = { ...PANEL, moving: [{ ...PANEL.moving[0], name: "text" }] };
  assert.ok(!onlyMarksMove(words, {}));
  for (const type of ["heatmap", "contour", "surface"]) {
    const panel = { ...PANEL, traces: [...PANEL.traces, { type, z: [[1]] }] };
    assert.ok(!onlyMarksMove(panel, {}), type);
  }
});
