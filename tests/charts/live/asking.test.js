import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Asking } from "../../../sigviz/charts/live/asking.js";

let asked = 0;
let asking;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  asked = 0;
  asking = new Asking(() => (asked += 1));
});

const askedAfter = (milliseconds) => {
  mock.timers.tick(milliseconds);
  return asked;
};

test("it asks when the time has come", () => {
  asking.after(100);
  assert.equal(askedAfter(99), 0);
  assert.equal(askedAfter(1), 1);
});

test("without an answer it asks again, ever more patiently", () => {
  asking.after(100);
  assert.equal(askedAfter(100), 1);
  assert.equal(askedAfter(1499), 1);
  assert.equal(askedAfter(1), 2);
  assert.equal(askedAfter(2999), 2);
  assert.equal(askedAfter(1), 3);
  assert.equal(askedAfter(5999), 3);
  assert.equal(askedAfter(1), 4);
});

test("an answer puts an end to that, and so does the end", () => {
  asking.after(100);
  asking.after(300);
  assert.equal(askedAfter(299), 0);
  assert.equal(askedAfter(1), 1);
  asking.stop();
  assert.equal(askedAfter(100_000), 1);
});
