import assert from "node:assert/strict";
import { test } from "node:test";

import { FRAMES_PER_SECOND, Playback } from "../../../sigviz/charts/live/playback.js";

const LAST = 60;
const FRAME = 1000 / FRAMES_PER_SECOND;

/** A clock that goes on by hand: `pass` lets one painting go by, so many milliseconds later. */
class Clock {
  #time = 5000;
  #waiting = [];

  now() {
    return this.#time;
  }

  turn() {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async pass(milliseconds) {
    this.#time += milliseconds;
    for (const resolve of this.#waiting.splice(0)) resolve(this.#time);
    await new Promise(setImmediate);
  }
}

/** A finished run of which nothing is played yet, and what it has shown so far. */
function finished() {
  const clock = new Clock();
  const shown = [];
  const playback = new Playback(() => shown.push(playback.frame), clock);
  playback.last = LAST;
  return { clock, shown, playback };
}

test("at first it stands at the newest state, however that grows", () => {
  const { playback } = finished();
  assert.deepEqual([playback.frame, playback.at, playback.playing], [null, LAST, false]);
  playback.last = LAST + 1;
  assert.equal(playback.at, LAST + 1);
});

test("it goes to a frame, and not beyond the first or the last", () => {
  const { playback, shown } = finished();
  for (const frame of [7, -1, LAST + 5]) playback.go(frame);
  assert.deepEqual(shown, [7, 0, LAST]);
});

test("from the end it plays all, frame by frame, and stops there", async () => {
  const { clock, playback, shown } = finished();
  const over = playback.play();
  assert.ok(playback.playing);
  for (let painting = 0; painting < LAST; painting++) await clock.pass(FRAME + 1e-6);
  await over;
  assert.deepEqual(
    shown,
    Array.from({ length: LAST + 1 }, (_, frame) => frame),
  );
  assert.ok(!playback.playing);
});

test("from the middle it plays the rest", async () => {
  const { clock, playback, shown } = finished();
  playback.go(LAST - 1);
  const over = playback.play();
  await clock.pass(2 * FRAME);
  await over;
  assert.deepEqual(shown, [LAST - 1, LAST - 1, LAST]);
});

test("a painting that brings no other frame shows nothing", async () => {
  const { clock, playback, shown } = finished();
  playback.play();
  await clock.pass(FRAME / 2);
  assert.deepEqual(shown, [0]);
  await clock.pass(FRAME / 2 + 1e-6);
  assert.deepEqual(shown, [0, 1]);
});

test("slow painting leaves frames out and takes no longer", async () => {
  const { clock, playback, shown } = finished();
  const over = playback.play();
  for (let painting = 0; painting < 4; painting++) await clock.pass((LAST / 4) * FRAME + 1e-6);
  await over;
  assert.deepEqual(shown, [0, 15, 30, 45, 60]);
});

test("another speed counts from where it is", async () => {
  const { clock, playback, shown } = finished();
  playback.play();
  await clock.pass(10.5 * FRAME);
  playback.speed = 4;
  await clock.pass(FRAME);
  assert.deepEqual(shown, [0, 10, 14]);
});

test("paused it stays, and goes on from there", async () => {
  const { clock, playback, shown } = finished();
  const first = playback.play();
  await clock.pass(5.5 * FRAME);
  playback.pause();
  await clock.pass(20 * FRAME);
  await first;
  assert.deepEqual([playback.playing, playback.at], [false, 5]);
  playback.play();
  await clock.pass(1.5 * FRAME);
  assert.deepEqual(shown, [0, 5, 5, 5, 6]);
});

test("another run ends the playing", async () => {
  const { clock, playback, shown } = finished();
  const over = playback.play();
  playback.restart();
  await clock.pass(5 * FRAME);
  await over;
  assert.deepEqual([playback.frame, playback.playing], [null, false]);
  assert.deepEqual(shown, [0]);
});
