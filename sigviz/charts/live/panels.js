import { Enlargement } from "./enlargement.js";
import { Panel } from "./panel.js";

/** The panels of a figure in their grid. */
export class Panels {
  #grid;
  #template;
  #enlargement;
  #on;
  #shown = new Map();

  constructor(root, on) {
    this.#grid = root.querySelector(".sv-panels");
    this.#template = root.querySelector("template.sv-panel");
    this.#enlargement = new Enlargement(root);
    this.#on = on;
  }

  /** Have one box for each panel of a payload, in their order; a panel stays the one it was. */
  arrange(panels) {
    const keys = new Set(panels.map((panel) => panel.key));
    for (const shown of this) if (!keys.has(shown.key)) this.#remove(shown);
    for (const [position, panel] of panels.entries()) {
      if (!this.#shown.has(panel.key)) this.#shown.set(panel.key, this.#mounted(panel.key));
      const shown = this.of(panel);
      shown.describe(panel);
      const place = this.#enlargement.placeOf(shown);
      const there = this.#grid.children[position] ?? null;
      if (there !== place) this.#grid.insertBefore(place, there);
    }
  }

  of({ key }) {
    return this.#shown.get(key);
  }

  [Symbol.iterator]() {
    return this.#shown.values();
  }

  removeAll() {
    for (const shown of this) this.#remove(shown);
  }

  #mounted(key) {
    const box = this.#template.content.cloneNode(true).firstElementChild;
    const enlarge = (panel) => this.#enlargement.begin(panel);
    return new Panel(box, key, { enlarge, ...this.#on });
  }

  #remove(panel) {
    this.#enlargement.end(panel);
    this.#shown.delete(panel.key);
    panel.remove();
  }
}
