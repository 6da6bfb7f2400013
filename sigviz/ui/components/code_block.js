// Shows Python code and copies it. Streamlit's own code block writes comments, which here do the
// teaching, in a grey that is hard to read, and its copy button cannot be reached by keyboard.

import { BY_HAND, copy, later } from "./copy.js";

export default function ({ data, parentElement }) {
  const code = parentElement.querySelector("code");
  const button = parentElement.querySelector("button");
  const said = parentElement.querySelector(".sv-said");
  const text = data.parts.map(([, part]) => part).join("");
  code.parentElement.setAttribute("aria-label", data.label);
  if (code.textContent !== text) {
    code.replaceChildren(...data.parts.map(([kind, part]) => (kind ? marked(kind, part) : part)));
    said.textContent = "";
  }
  button.onclick = async () => {
    const copied = await copy(text, () => getSelection().selectAllChildren(code));
    said.textContent = copied ? "Copied" : BY_HAND;
    later(button, () => (said.textContent = ""));
  };
}

function marked(kind, part) {
  const span = document.createElement("span");
  span.className = `sv-${kind}`;
  span.textContent = part;
  return span;
}
