const IMPATIENCE = 1500;

/** Asks the server for what is new in a while and, as a question may get lost, again and again. */
export class Asking {
  #ask;
  #waiting;

  constructor(ask) {
    this.#ask = ask;
  }

  /** Ask after so many milliseconds, and no sooner. */
  after(milliseconds, patience = IMPATIENCE) {
    this.stop();
    this.#waiting = setTimeout(() => {
      this.#ask();
      this.after(patience, 2 * patience); // a server that is slow must not get slower
    }, milliseconds);
  }

  stop() {
    clearTimeout(this.#waiting);
  }
}
