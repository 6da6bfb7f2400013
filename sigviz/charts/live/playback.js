/** Frames of a run that are played in a second, at the speed ×1. */
export const FRAMES_PER_SECOND = 18;

const BROWSER = {
  now: () => performance.now(),
  turn: () => new Promise(requestAnimationFrame),
};

/**
 * Where in a run the figure stands, and how it moves.
 *
 * A finished run has the frames 0 to `last`. At `null` the figure shows the newest state, whatever
 * it is, until the learner plays or goes to a frame.
 */
export class Playback {
  #show;
  #clock;
  #playing = null;

  frame = null;
  last = 0;
  speed = 1;

  /**
   * @param show Called when the frame or the playing has changed.
   * @param clock Tells the time in milliseconds: `now()`, and `turn()`, which waits for the
   *   browser's next painting.
   */
  constructor(show, clock = BROWSER) {
    this.#show = show;
    this.#clock = clock;
  }

  /** The number of the frame that is shown. */
  get at() {
    return this.frame ?? this.last;
  }

  get playing() {
    return this.#playing !== null;
  }

  /** Stand at the newest state, of another run perhaps. */
  restart() {
    this.#playing = null;
    this.frame = null;
  }

  /** Go to a frame, or as near to it as there is one, and stay. */
  go(frame) {
    this.#playing = null;
    this.frame = Math.max(0, Math.min(frame, this.last));
    this.#show();
  }

  pause() {
    this.#playing = null;
    this.#show();
  }

  /**
   * Play on to the end, or from there all of it; resolves when it is over.
   *
   * Frames are left out where showing them takes longer than they last.
   */
  async play() {
    const playing = (this.#playing = {});
    let position = (this.frame = this.at >= this.last ? 0 : this.at);
    let before = this.#clock.now();
    this.#show();
    while (playing === this.#playing) {
      const now = await this.#clock.turn();
      if (playing !== this.#playing) return;
      position += ((now - before) / 1000) * FRAMES_PER_SECOND * this.speed;
      before = now;
      const frame = Math.min(Math.floor(position), this.last);
      if (frame >= this.last) this.#playing = null;
      if (frame === this.frame && this.playing) continue;
      this.frame = frame;
      this.#show();
    }
  }
}
