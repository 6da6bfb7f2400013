import assert from "node:assert/strict";
import { test } from "node:test";

import { dressed } from "../../../sigviz/charts/live/dressing.js";

const THEME = { text: "#111", grid: "#ddd", background: "#ffffff", font: "Serif", scale: 1 };
const LEARNER = { zoom: {}, view: 1 };

test("the server's word counts before the theme's", () => {
  const layout = { hovermode: "x", xaxis: { gridcolor: "red", title: { text: "step" } } };
  const { hovermode, xaxis, font } = dressed(layout, THEME, LEARNER);
  assert.equal(hovermode, "x");
  assert.equal(xaxis.gridcolor, "red");
  assert.equal(xaxis.linecolor, "#ddd");
  assert.equal(xaxis.title.text, "step");
  assert.equal(font.family, "Serif");
});

test("an axis keeps the learner's zoom and the others their own range", () => {
  const layout = { xaxis: { range: [0, 60] }, yaxis: { range: [0, 1] }, yaxis2: { type: "log" } };
  const zoom = { xaxis: [10, 20], yaxis2: [-3, 0] };
  const { xaxis, yaxis, yaxis2 } = dressed(layout, THEME, { zoom, view: 1 });
  assert.deepEqual([xaxis.range, xaxis.autorange], [[10, 20], false]);
  assert.deepEqual([yaxis.range, yaxis.autorange], [[0, 1], undefined]);
  assert.deepEqual([yaxis2.range, yaxis2.type], [[-3, 0], "log"]);
  assert.deepEqual(layout.xaxis, { range: [0, 60] }, "nothing is written into what was given");
});

test("on a projector all type and its room are larger", () => {
  const small = dressed({ xaxis: {} }, THEME, LEARNER);
  const large = dressed({ xaxis: {} }, { ...THEME, scale: 2 }, LEARNER);
  for (const size of [
    (layout) => layout.font.size,
    (layout) => layout.legend.font.size,
    (layout) => layout.xaxis.title.font.size,
    (layout) => layout.margin.b,
  ]) {
    assert.equal(size(large), 2 * size(small));
  }
});

test("each side of a scene is in the theme's colours", () => {
  const scene = { xaxis: { gridcolor: "red" }, camera: { eye: { z: 2 } } };
  const { scene2 } = dressed({ scene2: scene }, THEME, LEARNER);
  assert.equal(scene2.xaxis.gridcolor, "red");
  assert.equal(scene2.zaxis.gridcolor, "#ddd");
  assert.deepEqual(scene2.camera, scene.camera);
});
