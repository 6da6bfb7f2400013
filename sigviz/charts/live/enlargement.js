/** One panel on the whole screen, with the transport below; what is elsewhere keeps its place. */
export class Enlargement {
  #dialog;
  #transport;
  #panel = null;
  #places = [];

  constructor(root) {
    this.#dialog = root.querySelector("dialog");
    this.#transport = root.querySelector(".sv-transport");
    this.#dialog.addEventListener("close", () => this.end(this.#panel));
    this.#dialog.addEventListener("click", ({ target }) => {
      if (target === this.#dialog) this.#dialog.close();
    });
  }

  begin(panel) {
    this.#panel = panel;
    this.#places = [panel.box, this.#transport].map((element) => keepPlace(element));
    this.#dialog.setAttribute("aria-labelledby", panel.titleId);
    this.#dialog.append(panel.box, this.#transport);
    this.#dialog.showModal();
    panel.fit();
  }

  /** Put a panel back if it is the one that is enlarged. */
  end(panel) {
    if (!panel || panel !== this.#panel) return;
    this.#panel = null;
    this.#dialog.close();
    this.#places[0].replaceWith(panel.box);
    this.#places[1].replaceWith(this.#transport);
    panel.fit();
    panel.focus();
  }

  /** What stands in the grid for a panel: its own box, or what keeps its place. */
  placeOf(panel) {
    return panel === this.#panel ? this.#places[0] : panel.box;
  }
}

function keepPlace(element) {
  const place = document.createElement("div");
  place.style.minHeight = `${element.offsetHeight}px`;
  element.replaceWith(place);
  return place;
}
