const SPEEDS = [0.25, 0.5, 1, 2, 4];

/** What the transport says of a payload when a frame is shown. */
export function reading({ state, steps, planned, progress }, frame) {
  const running = state === "running";
  const last = steps.length - 1;
  const step = running ? progress : steps[frame];
  return {
    still: running || last < 1,
    value: running ? progress : frame,
    max: running ? planned : Math.max(last, 1),
    text: step === undefined ? "" : `step ${step} of ${planned}`,
  };
}

/** The buttons and the slider of the playback. */
export class Transport {
  #play;
  #scrub;
  #where;
  #moving;

  constructor(root, playback) {
    const find = (name) => root.querySelector(`.sv-${name}`);
    const [play, back, forward, scrub, speed] = "play back forward scrub speed"
      .split(" ")
      .map(find);
    play.onclick = () => (playback.playing ? playback.pause() : playback.play());
    back.onclick = () => playback.go(playback.at - 1);
    forward.onclick = () => playback.go(playback.at + 1);
    scrub.oninput = () => playback.go(Number(scrub.value));
    speed.onchange = () => (playback.speed = Number(speed.value));
    for (const times of SPEEDS) speed.add(new Option(`×${times}`, times, times === 1, times === 1));
    this.#play = play;
    this.#scrub = scrub;
    this.#where = find("where");
    this.#moving = [play, back, forward, scrub];
  }

  show(payload, playback) {
    const { still, value, max, text } = reading(payload, playback.at);
    for (const control of this.#moving) control.disabled = still;
    this.#scrub.max = max;
    this.#scrub.value = value;
    this.#scrub.setAttribute("aria-valuetext", text);
    this.#where.textContent = text;
    this.#play.setAttribute("aria-label", playback.playing ? "Pause" : "Play");
    this.#play.dataset.playing = playback.playing;
  }
}
