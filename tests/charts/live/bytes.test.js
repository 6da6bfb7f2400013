// Unpacks what Python has packed: `tests/test_javascript.py` writes it and says where.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { unpack } from "../../../sigviz/charts/live/bytes.js";

const packed = new Uint8Array(readFileSync(process.env.SIGVIZ_PACKED));

test("numbers come back as float32 arrays, nested by their shape", () => {
  const { line, table, none } = unpack(packed);
  assert.deepEqual(line, Float32Array.of(0, 0.5, -2));
  assert.deepEqual(table, [
    [Float32Array.of(0, 1, 2), Float32Array.of(3, 4, 5)],
    [Float32Array.of(6, 7, 8), Float32Array.of(9, 10, 11)],
  ]);
  assert.deepEqual(none, new Float32Array());
});

test("what is no number in an array outlives it, NaN included", () => {
  const { broken, words, nothing } = unpack(packed);
  assert.deepEqual(broken, Float32Array.of(NaN, Infinity));
  assert.deepEqual(words, { "σ′": ["é", 7, true, null] });
  assert.equal(nothing, null);
});

test("a payload may begin anywhere in what it came in", () => {
  for (const offset of [1, 2, 3]) {
    const around = new Uint8Array(offset + packed.length);
    around.set(packed, offset);
    assert.deepEqual(unpack(around.subarray(offset)), unpack(packed));
  }
});
