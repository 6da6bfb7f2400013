import assert from "node:assert/strict";
import { test } from "node:test";

import { givesUp, zoomAfter } from "../../../sigviz/charts/live/zoom.js";

const LAYOUT = { xaxis: { range: [1, 2] }, yaxis2: { range: [3, 4] } };

test("a zoom is kept by axis, beside those there were", () => {
  const change = { "xaxis.range[0]": 1, "xaxis.range[1]": 2, "yaxis2.range": [3, 4] };
  assert.deepEqual(zoomAfter({ yaxis: [0, 9] }, change, LAYOUT), {
    xaxis: [1, 2],
    yaxis2: [3, 4],
    yaxis: [0, 9],
  });
  assert.ok(!givesUp(change));
});

test("what is kept does not change with the plot", () => {
  const layout = { xaxis: { range: [1, 2] } };
  const zoom = zoomAfter({}, { "xaxis.range": [1, 2] }, layout);
  layout.xaxis.range[0] = 7;
  assert.deepEqual(zoom, { xaxis: [1, 2] });
});

test("a double click gives up the zoom of the axes that it names", () => {
  const change = { "xaxis.autorange": true };
  assert.deepEqual(zoomAfter({ xaxis: [1, 2], yaxis: [0, 9] }, change, LAYOUT), { yaxis: [0, 9] });
  assert.ok(givesUp(change));
});

test("another size is no zoom", () => {
  const change = { autosize: true, "xaxis3.title.text": "step" };
  assert.deepEqual(zoomAfter({ xaxis: [1, 2] }, change, LAYOUT), { xaxis: [1, 2] });
  assert.ok(!givesUp(change));
});
