// The live figure: panels in a grid, mounted once, fed by ticks, played back in the browser.
//
// `draw` is called for every new payload and every change of theme. It keeps what belongs to the
// learner (zoom, hidden legend entries, play position, speed, the enlarged panel) and takes the
// rest from the payload, whose form `sigviz/ui/payload.py` describes.

const figures = new WeakMap();
const SPEEDS = [0.25, 0.5, 1, 2, 4];
const FRAMES_PER_SECOND = 18;
const IMPATIENCE = 1500;
const PURGE_AFTER = 1000;

export function draw({ data, parentElement, setTriggerValue }, plotly) {
  let figure = figures.get(parentElement);
  if (!figure) {
    figure = new LiveFigure(parentElement);
    figures.set(parentElement, figure);
  }
  figure.ask = () => setTriggerValue("tick", true);
  figure.take(data);
  // Ticks do not wait for Plotly, or the server would think that nobody is here.
  loading ??= window.Plotly ? Promise.resolve() : load(plotly);
  loading.then(() => figure.catchUp());
}

let loading;
function load(address) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: address });
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

export function unmount({ parentElement }) {
  figures.get(parentElement)?.end();
  figures.delete(parentElement);
}

/** Bytes to the object that the server packed: arrays come back as typed arrays, nested by shape. */
function unpack(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = view.getUint32(0, true);
  const header = new TextDecoder().decode(bytes.subarray(4, 4 + headerLength));
  // Typed arrays must start at a multiple of four; the payload itself need not.
  const numbers = new Float32Array(bytes.slice(4 + headerLength).buffer);
  const nest = (start, [length, ...inner]) => {
    if (!inner.length) return numbers.subarray(start, start + length);
    const size = inner.reduce((a, b) => a * b, 1);
    return Array.from({ length }, (_, row) => nest(start + row * size, inner));
  };
  return JSON.parse(header, (_, value) =>
    value && value.$shape ? nest(value.$start, value.$shape) : value);
}

/** `@name` or `@name/alpha` to a colour, everywhere in a trace or a layout. */
function coloured(value, colour) {
  if (typeof value === "string") return value[0] === "@" ? colour(value) : value;
  if (ArrayBuffer.isView(value) || value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) {
    return ArrayBuffer.isView(value[0]) ? value : value.map((item) => coloured(item, colour));
  }
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, coloured(v, colour)]));
}

function themeOf(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(`--st-${name}`).trim();
  const background = read("background-color") || "#ffffff";
  const [r, g, b] = background.match(/[0-9a-f]{2}/gi).map((pair) => parseInt(pair, 16));
  return {
    dark: 0.3 * r + 0.6 * g + 0.1 * b < 128,
    background,
    text: read("text-color"),
    font: read("font"),
    grid: read("border-color"),
    raised: read("secondary-background-color"),
    // How much larger than usual all type is: on a projector it is.
    scale:
      parseFloat(getComputedStyle(document.documentElement).fontSize)
        / parseFloat(read("base-font-size")) || 1,
  };
}

class LiveFigure {
  constructor(root) {
    this.root = root;
    this.element = root.querySelector(".sv-figure");
    this.grid = root.querySelector(".sv-panels");
    this.panels = new Map();
    this.speed = 1;
    this.frame = null; // null: the newest state, whatever it is
    this.mountTransport();
    const dialog = root.querySelector("dialog");
    dialog.addEventListener("close", () => this.shrink());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    root.querySelector(".sv-reset").onclick = () => this.resetView();
    this.resizing = new ResizeObserver(() => this.fit());
    this.resizing.observe(this.grid);
    this.element.dataset.mounts = (window.sigvizMounts = (window.sigvizMounts ?? 0) + 1);
  }

  end() {
    this.pause();
    this.askAgain(null);
    this.resizing.disconnect();
    for (const mounted of this.panels.values()) this.remove(mounted);
  }

  /** Plotly goes on with a drawing it has begun, and would miss what is purged under it. */
  remove({ box, plot }) {
    box.remove();
    setTimeout(() => Plotly.purge(plot), PURGE_AFTER);
  }

  /** Ask the server for the next frame in a while and, as a tick may get lost, again and again. */
  askAgain(milliseconds, patience = IMPATIENCE) {
    clearTimeout(this.asking);
    if (milliseconds === null) return;
    this.asking = setTimeout(() => {
      this.ask();
      this.askAgain(patience, 2 * patience); // a server that is slow must not get slower
    }, milliseconds);
  }

  take(bytes) {
    const theme = themeOf(this.element);
    const themeKey = JSON.stringify(theme);
    if (bytes === this.bytes && themeKey === this.themeKey) return;
    const payload = unpack(bytes);
    if (payload.state === "waiting" || !window.Plotly) this.askAgain(payload.tick);
    if (payload.state === "waiting") {
      this.element.dataset.state ??= "waiting";
      return;
    }
    if (payload.run !== this.payload?.run) {
      this.pause();
      this.frame = null;
    }
    this.bytes = bytes;
    this.payload = payload;
    this.theme = theme;
    this.themeKey = themeKey;
    const colour = (token) => {
      const [name, alpha] = token.slice(1).split("/");
      if (name === "surface") return theme.background;
      if (name === "text") return theme.text;
      const hex = payload.colours[name][theme.dark ? 1 : 0];
      return alpha ? hex + Math.round(alpha * 255).toString(16).padStart(2, "0") : hex;
    };
    for (const panel of payload.panels) {
      panel.traces = coloured(panel.traces, colour);
      panel.layout = coloured(panel.layout, colour);
    }
    this.arrange();
    this.late = !window.Plotly;
    if (!this.late) this.paintInTurn();
  }

  /** Paint what came before Plotly was there. */
  catchUp() {
    if (this.late) this.paintInTurn();
    this.late = false;
  }

  /** Paint the panels one to a frame, so that the first is seen at once and input gets through. */
  paintInTurn() {
    const { panels, run, state, tick } = this.payload;
    const turn = (this.turn = {});
    const waiting = [...panels];
    this.element.dataset.state = "painting";
    const next = () => {
      if (turn !== this.turn) return;
      const panel = waiting.shift();
      if (panel) this.paintPanel(panel);
      this.element.dataset.run = run;
      if (waiting.length) {
        requestAnimationFrame(next);
        return;
      }
      this.element.dataset.state = state;
      this.painted();
      this.askAgain(tick);
    };
    next();
  }

  /** One box for each panel, kept as long as the panel is there. */
  arrange() {
    const keys = new Set(this.payload.panels.map((panel) => panel.key));
    for (const [key, mounted] of this.panels) {
      if (keys.has(key)) continue;
      this.remove(mounted);
      this.panels.delete(key);
    }
    this.payload.panels.forEach((panel, position) => {
      if (!this.panels.has(panel.key)) this.panels.set(panel.key, this.mountPanel(panel.key));
      const { box, heading, description } = this.panels.get(panel.key);
      heading.textContent = panel.title;
      description.textContent = panel.alt;
      box.querySelector(".sv-enlarge").setAttribute("aria-label", `Enlarge: ${panel.title}`);
      if (this.enlarged !== panel.key && this.grid.children[position] !== box) {
        this.grid.insertBefore(box, this.grid.children[position] ?? null);
      }
    });
  }

  mountPanel(key) {
    const template = this.root.querySelector("template.sv-panel");
    const box = template.content.cloneNode(true).firstElementChild;
    const id = `sv-${key}-${Math.random().toString(36).slice(2)}`;
    const [heading, description] = [box.querySelector("h2"), box.querySelector(".sv-alt")];
    const plot = box.querySelector(".sv-plot");
    box.dataset.panel = key;
    heading.id = `${id}-title`;
    description.id = `${id}-alt`;
    plot.setAttribute("aria-labelledby", heading.id);
    plot.setAttribute("aria-describedby", description.id);
    box.querySelector(".sv-enlarge").onclick = () => this.enlarge(key);
    return { box, heading, description, plot, zoom: {} };
  }

  /** Paint every panel at the frame shown, all at once. */
  repaint() {
    for (const panel of this.payload.panels) this.paintPanel(panel);
    this.painted();
  }

  painted() {
    const last = this.payload.steps.length - 1;
    this.showTransport(this.frame ?? last, last);
    this.element.dataset.frame = this.frame ?? last;
    this.element.dataset.paints = Number(this.element.dataset.paints ?? 0) + 1;
  }

  /** A panel's own traces and, over them, what moves. */
  paintPanel(panel) {
    const mounted = this.panels.get(panel.key);
    // Copies, because Plotly writes what the learner hides in the legend into what it is given.
    const traces = panel.traces.map((trace) => ({ ...trace }));
    if (this.frame !== null) {
      for (const { trace, name, rows } of panel.moving) traces[trace][name] = rows[this.frame];
    }
    const layout = this.dressed(panel.layout, mounted.zoom);
    Plotly.react(mounted.plot, traces, layout, CONFIG);
    if (!mounted.listening) {
      mounted.listening = true;
      mounted.size = `${mounted.plot.clientWidth}×${mounted.plot.clientHeight}`;
      mounted.plot.on("plotly_relayout", (change) => this.noteZoom(panel.key, change));
    }
  }

  /** The server's layout in the theme's colours, with the learner's own zoom. */
  dressed(layout, zoom) {
    const { text, grid, background, font, scale } = this.theme;
    const dressed = {
      uirevision: "kept",
      autosize: true,
      margin: { l: 58 * scale, r: 14, t: 30 * scale, b: 44 * scale },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: font, size: 12.5 * scale, color: text },
      hoverlabel: { bgcolor: background, bordercolor: grid, font: { family: font, color: text } },
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", itemwidth: 30, font: { size: 12 * scale } },
      modebar: { bgcolor: `${background}e6`, color: text, activecolor: text },
      hovermode: "closest",
      dragmode: "zoom",
      ...layout,
    };
    for (const name of Object.keys(dressed)) {
      if (/^[xy]axis\d*$/.test(name)) {
        dressed[name] = {
          gridcolor: grid, zerolinecolor: grid, linecolor: grid, automargin: true, ...layout[name],
          title: { ...layout[name].title, font: { size: 12.5 * scale }, standoff: 6 },
          ...(zoom[name] ? { range: zoom[name], autorange: false } : {}),
        };
      } else if (/^scene\d*$/.test(name)) {
        const plain = { gridcolor: grid, zerolinecolor: grid, backgroundcolor: background };
        const scene = layout[name];
        dressed[name] = { ...scene, uirevision: "kept" };
        for (const side of ["xaxis", "yaxis", "zaxis"]) {
          dressed[name][side] = { ...plain, ...scene[side] };
        }
      }
    }
    return dressed;
  }

  /** Remember a zoom as the learner's; Plotly's own memory of it ends when a range is sent anew. */
  noteZoom(key, change) {
    const { zoom } = this.panels.get(key);
    for (const [name, value] of Object.entries(change)) {
      const [, axis, part] = name.match(/^([xy]axis\d*)\.(range|autorange)/) ?? [];
      if (!axis) continue;
      if (part === "autorange") delete zoom[axis];
      else zoom[axis] = [...this.panels.get(key).plot.layout[axis].range];
    }
    if (Object.keys(change).some((name) => name.endsWith("autorange"))) this.repaint();
  }

  resetView() {
    for (const mounted of this.panels.values()) {
      mounted.zoom = {};
      Plotly.purge(mounted.plot);
      mounted.listening = false;
    }
    this.repaint();
  }

  /** Give every plot the size of its box, where that has changed. */
  fit() {
    for (const mounted of this.panels.values()) {
      const { plot } = mounted;
      const size = `${plot.clientWidth}×${plot.clientHeight}`;
      if (!plot._fullLayout || !plot.clientWidth || mounted.size === size) continue;
      mounted.size = size;
      Plotly.relayout(plot, { autosize: true });
    }
  }

  enlarge(key) {
    const { box, heading } = this.panels.get(key);
    const dialog = this.root.querySelector("dialog");
    this.enlarged = key;
    this.placeholder = document.createElement("div");
    this.placeholder.className = "sv-box sv-placeholder";
    this.placeholder.style.minHeight = `${box.offsetHeight}px`;
    box.replaceWith(this.placeholder);
    dialog.setAttribute("aria-labelledby", heading.id);
    dialog.append(box, this.root.querySelector(".sv-transport"));
    dialog.showModal();
    this.fit();
  }

  shrink() {
    const { box } = this.panels.get(this.enlarged);
    this.enlarged = null;
    this.placeholder.replaceWith(box);
    this.grid.after(this.root.querySelector(".sv-transport"));
    this.fit();
    box.querySelector(".sv-enlarge").focus();
  }

  mountTransport() {
    const find = (name) => this.root.querySelector(`.sv-${name}`);
    this.controls = {
      play: find("play"), back: find("back"), forward: find("forward"),
      scrub: find("scrub"), speed: find("speed"), where: find("where"),
    };
    const { play, back, forward, scrub, speed } = this.controls;
    play.onclick = () => (this.timer ? this.pause() : this.play());
    back.onclick = () => this.go(this.at() - 1);
    forward.onclick = () => this.go(this.at() + 1);
    scrub.oninput = () => this.go(Number(scrub.value));
    speed.onchange = () => (this.speed = Number(speed.value));
    for (const times of SPEEDS) speed.add(new Option(`×${times}`, times, times === 1, times === 1));
  }

  at() {
    return this.frame ?? this.payload.steps.length - 1;
  }

  go(frame) {
    this.pause();
    this.frame = Math.max(0, Math.min(frame, this.payload.steps.length - 1));
    this.repaint();
  }

  play() {
    const last = this.payload.steps.length - 1;
    let position = this.at() >= last ? 0 : this.at();
    let before = performance.now();
    const tick = (now) => {
      position += ((now - before) / 1000) * FRAMES_PER_SECOND * this.speed;
      before = now;
      const frame = Math.min(Math.floor(position), last);
      if (frame !== this.frame) {
        this.frame = frame;
        this.repaint();
      }
      if (frame >= last) this.pause();
      else this.timer = requestAnimationFrame(tick);
    };
    this.frame = position;
    this.timer = requestAnimationFrame(tick);
    this.repaint();
  }

  pause() {
    cancelAnimationFrame(this.timer);
    this.timer = null;
    if (this.payload) this.showTransport(this.at(), this.payload.steps.length - 1);
  }

  showTransport(frame, last) {
    const { play, back, forward, scrub, where } = this.controls;
    const { state, steps, planned, progress } = this.payload;
    const running = state === "running";
    const still = running || last < 1;
    const step = running ? progress : steps[frame];
    for (const control of [play, back, forward, scrub]) control.disabled = still;
    scrub.max = running ? planned : Math.max(last, 1);
    scrub.value = running ? progress : frame;
    scrub.style.setProperty("--done", scrub.value / scrub.max);
    const text = step === undefined ? "" : `step ${step} of ${planned}`;
    scrub.setAttribute("aria-valuetext", text);
    where.textContent = text;
    play.setAttribute("aria-label", this.timer ? "Pause" : "Play");
    play.dataset.playing = Boolean(this.timer);
  }
}

/** A button in a panel's bar that saves what the panel shows now. */
function camera(format) {
  const word = format.toUpperCase();
  return {
    name: format,
    title: `Download as ${word}`,
    icon: {
      svg: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" class="icon sv-format">
        <text x="20" y="16" text-anchor="middle">${word}</text></svg>`,
    },
    click: (plot) => savePicture(plot, format),
  };
}

/** A picture of a panel as it is now, with its title, on the ground of the theme. */
function savePicture(plot, format) {
  const box = plot.closest(".sv-box");
  const text = box.querySelector("h2").innerHTML; // a title in Plotly may be markup, too
  const layout = {
    ...plot.layout,
    title: { text, font: { size: 15 }, x: 0, xanchor: "left", y: 1, yanchor: "top", pad: { l: 14, t: 12 } },
    margin: { ...plot.layout.margin, t: plot._fullLayout._size.t + TITLE_ROOM },
    paper_bgcolor: themeOf(plot).background,
  };
  return Plotly.downloadImage(
    { data: plot.data.map((trace) => ({ ...trace })), layout },
    {
      format,
      scale: format === "png" ? 2 : 1,
      width: plot.clientWidth,
      height: plot.clientHeight + TITLE_ROOM,
      filename: `sigviz-${box.dataset.panel}`,
    },
  );
}

const TITLE_ROOM = 30;
const CONFIG = {
  displaylogo: false,
  showSendToCloud: false, // Plotly's own button would send the chart to another host.
  responsive: false,
  modeBarButtonsToRemove: ["toImage", "select2d", "lasso2d", "autoScale2d"],
  modeBarButtonsToAdd: [camera("png"), camera("svg")],
};
