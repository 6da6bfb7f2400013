import { dressed } from "./dressing.js";
import { movesAt, onlyMarksMove, tracesAt } from "./frames.js";
import { camera } from "./pictures.js";
import { givesUp, zoomAfter } from "./zoom.js";

const CONFIG = {
  displaylogo: false,
  showSendToCloud: false, // Plotly's own button would send the chart to another host
  responsive: false,
  modeBarButtonsToRemove: ["toImage", "select2d", "lasso2d", "autoScale2d"],
  modeBarButtonsToAdd: [camera("png"), camera("svg")],
};
const AT_ONCE = {
  mode: "immediate",
  frame: { duration: 0, redraw: false },
  transition: { duration: 0 },
};
const PURGE_AFTER = 1000;

let panels = 0;

/** One chart in its box, from when it is first drawn until a payload comes without it. */
export class Panel {
  #heading;
  #description;
  #enlarge;
  #plot;
  #on;
  #painted = null;
  #mounted = false;
  #size = "";
  #zoom = {};
  #view = 1;

  /**
   * @param box An empty box; see the template in `figure.html`.
   * @param key The panel's name among those of its figure.
   * @param on What to do when the learner wants the panel to `enlarge` or gives its zoom up.
   */
  constructor(box, key, on) {
    const id = `sv-panel-${++panels}`;
    this.box = box;
    this.key = key;
    this.#on = on;
    this.#heading = box.querySelector("h2");
    this.#description = box.querySelector(".sv-alt");
    this.#enlarge = box.querySelector(".sv-enlarge");
    this.#plot = box.querySelector(".sv-plot");
    box.dataset.panel = key;
    this.#heading.id = `${id}-title`;
    this.#description.id = `${id}-alt`;
    this.#plot.setAttribute("aria-labelledby", this.#heading.id);
    this.#plot.setAttribute("aria-describedby", this.#description.id);
    this.#enlarge.onclick = () => on.enlarge(this);
  }

  describe({ title, alt }) {
    this.#heading.textContent = title;
    this.#description.textContent = alt;
    this.#enlarge.setAttribute("aria-label", `Enlarge: ${title}`);
  }

  get titleId() {
    return this.#heading.id;
  }

  /** Draw all of a panel, its colours filled in, at a frame. */
  paint(panel, frame, theme) {
    const layout = dressed(panel.layout, theme, { zoom: this.#zoom, view: this.#view });
    // Plotly compares a configuration at length with the one it has.
    Plotly.react(this.#plot, tracesAt(panel, frame), layout, this.#mounted ? undefined : CONFIG);
    if (!this.#mounted) {
      this.#mounted = true;
      this.#size = this.#sizeNow();
      this.#plot.on("plotly_relayout", (change) => this.#noteZoom(change));
    }
    this.#painted = panel;
  }

  /** Move what moves to a frame: much quicker than to draw axes, legend and titles anew. */
  move(panel, frame, theme) {
    if (this.#painted !== panel || !onlyMarksMove(panel, this.#zoom)) {
      this.paint(panel, frame, theme);
      return;
    }
    const { data, traces } = movesAt(panel, frame);
    if (traces.length) Plotly.animate(this.#plot, { data, traces }, AT_ONCE).catch(unlessOvertaken);
  }

  /** Forget what the learner has zoomed, turned or hidden; to be painted after this. */
  reset() {
    this.#zoom = {};
    this.#view += 1;
    this.#painted = null;
  }

  /** Give the plot the size of its box, where that has changed. */
  fit() {
    const size = this.#sizeNow();
    if (!this.#mounted || !this.#plot.clientWidth || this.#size === size) return;
    this.#size = size;
    Plotly.relayout(this.#plot, { autosize: true });
  }

  focus() {
    this.#enlarge.focus();
  }

  /** Plotly goes on with a drawing it has begun, and would miss what is purged under it. */
  remove() {
    this.box.remove();
    if (this.#mounted) setTimeout(() => Plotly.purge(this.#plot), PURGE_AFTER);
  }

  #sizeNow() {
    return `${this.#plot.clientWidth}×${this.#plot.clientHeight}`;
  }

  #noteZoom(change) {
    this.#zoom = zoomAfter(this.#zoom, change, this.#plot.layout);
    if (!givesUp(change)) return;
    this.#painted = null;
    this.#on.zoomGivenUp();
  }
}

/** Plotly rejects without a reason what a later animation has overtaken. */
function unlessOvertaken(reason) {
  if (reason) throw reason;
}
