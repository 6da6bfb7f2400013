// The live figure: panels in a grid, mounted once, fed by ticks, played back in the browser.
//
// `draw` is called for every new payload and every change of theme. What belongs to the learner
// stays (zoom, hidden legend entries, place in the run, speed, the enlarged panel); the rest is
// taken from the payload, whose form `sigviz/charts/payload.py` describes.

import { Asking } from "./asking.js";
import { unpack } from "./bytes.js";
import { coloured, shading } from "./colours.js";
import { Panels } from "./panels.js";
import { Playback } from "./playback.js";
import { loadPlotly } from "./plotly.js";
import { themeOf } from "./theme.js";
import { Transport } from "./transport.js";

const figures = new WeakMap();
let mounts = 0;

/** Draw what Streamlit has for the component; `plotly` is the address of Plotly.js. */
export function draw({ data, parentElement, setTriggerValue }, plotly) {
  let figure = figures.get(parentElement);
  if (!figure) {
    figure = new LiveFigure(parentElement);
    figures.set(parentElement, figure);
  }
  figure.ask = () => setTriggerValue("tick", true);
  figure.take(data);
  // Ticks do not wait for Plotly, or the server would think that nobody is here.
  loadPlotly(plotly).then(() => figure.catchUp());
}

export function unmount({ parentElement }) {
  figures.get(parentElement)?.end();
  figures.delete(parentElement);
}

class LiveFigure {
  #element;
  #panels;
  #playback = new Playback(() => this.#repaint());
  #transport;
  #asking = new Asking(() => this.ask());
  #resizing = new ResizeObserver(() => this.#fit());
  #bytes = null;
  #payload = null;
  #theme = null;
  #turn = null;
  #late = false;

  constructor(root) {
    this.#element = root.querySelector(".sv-figure");
    this.#panels = new Panels(root, { zoomGivenUp: () => this.#repaint() });
    this.#transport = new Transport(root, this.#playback);
    root.querySelector(".sv-reset").onclick = () => this.#resetView();
    this.#resizing.observe(root.querySelector(".sv-panels"));
    this.#element.dataset.mounts = ++mounts;
  }

  end() {
    this.#playback.restart();
    this.#asking.stop();
    this.#resizing.disconnect();
    this.#panels.removeAll();
  }

  /** Take in a payload, and paint it unless Plotly is still to come. */
  take(bytes) {
    const theme = themeOf(this.#element);
    if (bytes === this.#bytes && JSON.stringify(theme) === JSON.stringify(this.#theme)) return;
    const payload = unpack(bytes);
    if (payload.state === "waiting" || !window.Plotly) this.#askAfter(payload.tick);
    if (payload.state === "waiting") {
      this.#element.dataset.state ??= "waiting";
      return;
    }
    if (payload.run !== this.#payload?.run) this.#playback.restart();
    this.#playback.last = payload.steps.length - 1;
    this.#bytes = bytes;
    this.#theme = theme;
    this.#payload = inColour(payload, theme);
    this.#panels.arrange(payload.panels);
    this.#late = !window.Plotly;
    if (!this.#late) this.#paintInTurn();
  }

  /** Paint what came before Plotly was there. */
  catchUp() {
    if (this.#late) this.#paintInTurn();
    this.#late = false;
  }

  #askAfter(milliseconds) {
    if (milliseconds === null) this.#asking.stop();
    else this.#asking.after(milliseconds);
  }

  /** Paint the panels one to a frame, so that the first is seen at once and input gets through. */
  #paintInTurn() {
    const { panels, run, state, tick } = this.#payload;
    const turn = (this.#turn = {});
    const waiting = [...panels];
    this.#element.dataset.state = "painting";
    const next = () => {
      if (turn !== this.#turn) return;
      const panel = waiting.shift();
      if (panel) this.#panels.of(panel).paint(panel, this.#playback.frame, this.#theme);
      this.#element.dataset.run = run;
      if (waiting.length) {
        requestAnimationFrame(next);
        return;
      }
      this.#element.dataset.state = state;
      this.#painted();
      this.#askAfter(tick);
    };
    next();
  }

  /** Show the frame that it is now, in all panels at once: while it plays, by moving marks. */
  #repaint() {
    const { frame, playing } = this.#playback;
    for (const panel of this.#payload.panels) {
      const shown = this.#panels.of(panel);
      if (playing) shown.move(panel, frame, this.#theme);
      else shown.paint(panel, frame, this.#theme);
    }
    this.#painted();
  }

  #painted() {
    this.#transport.show(this.#payload, this.#playback);
    this.#element.dataset.frame = this.#playback.at;
    this.#element.dataset.paints = Number(this.#element.dataset.paints ?? 0) + 1;
  }

  #resetView() {
    for (const panel of this.#panels) panel.reset();
    if (this.#payload) this.#repaint();
  }

  #fit() {
    for (const panel of this.#panels) panel.fit();
  }
}

/** A payload whose traces and layouts have the theme's colours in place of their names. */
function inColour(payload, theme) {
  const colour = shading(payload.colours, theme);
  const panels = payload.panels.map((panel) => ({
    ...panel,
    traces: coloured(panel.traces, colour),
    layout: coloured(panel.layout, colour),
  }));
  return { ...payload, panels };
}
