// Copies the page's address.

import { BY_HAND, copy, later } from "./copy.js";

export default function ({ data, parentElement }) {
  const field = parentElement.querySelector("input");
  const button = parentElement.querySelector("button");
  const word = button.querySelector("span");
  const said = parentElement.querySelector(".sv-said");
  const query = data.query ? `?${data.query}` : "";
  field.value = `${location.origin}${location.pathname}${query}`;
  field.hidden = !data.show;
  field.onfocus = () => field.select();
  button.onclick = async () => {
    const copied = await copy(field.value, () => {
      field.hidden = false;
      field.select();
    });
    word.textContent = copied ? "Copied" : "Copy link";
    said.textContent = copied ? data.note : BY_HAND;
    if (!copied) return;
    field.hidden = !data.show;
    later(button, () => {
      word.textContent = "Copy link";
      said.textContent = "";
    });
  };
}
