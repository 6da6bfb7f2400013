import assert from "node:assert/strict";
import { test } from "node:test";

import { coloured, shading } from "../../../sigviz/charts/live/colours.js";
import { isDark } from "../../../sigviz/charts/live/theme.js";

const SHADES = { blue: ["#0000aa", "#8888ff"] };
const LIGHT = { dark: false, background: "#ffffff", text: "#111111" };
const DARK = { dark: true, background: "#101010", text: "#eeeeee" };

test("a name has another shade on dark ground, and may be partly opaque", () => {
  assert.equal(shading(SHADES, LIGHT)("@blue"), "#0000aa");
  assert.equal(shading(SHADES, DARK)("@blue"), "#8888ff");
  assert.equal(shading(SHADES, LIGHT)("@blue/0.2"), "#0000aa33");
  assert.equal(shading(SHADES, LIGHT)("@blue/0.02"), "#0000aa05", "two digits each");
});

test("the ground and the type are the theme's", () => {
  assert.equal(shading(SHADES, DARK)("@surface"), "#101010");
  assert.equal(shading(SHADES, DARK)("@text"), "#eeeeee");
});

test("names are replaced wherever they stand, and the rest is as it was", () => {
  const y = Float32Array.of(1, 2);
  const z = [y, y];
  const trace = { y, z, name: "a @blue", line: { color: "@blue", dash: null }, at: [0, "@text"] };
  const found = coloured(trace, shading(SHADES, LIGHT));
  assert.deepEqual(found.line, { color: "#0000aa", dash: null });
  assert.deepEqual(found.at, [0, "#111111"]);
  assert.equal(found.name, "a @blue");
  assert.equal(found.y, y, "numbers are not copied");
  assert.equal(found.z, z);
  assert.equal(trace.line.color, "@blue", "nothing is written into what was given");
});

test("a ground is dark or light as an eye sees it", () => {
  assert.ok(isDark("#12181f"));
  assert.ok(isDark("#0000ff"), "blue looks dark");
  assert.ok(!isDark("#00ff00"), "green looks light");
  assert.ok(!isDark("#ffffff"));
});
