// Shows Python code and copies it. Streamlit's own code block writes comments, which here do the
// teaching, in a grey that is hard to read, and its copy button cannot be reached by keyboard.

import { BY_HAND, copy, later } from "./copy.js";

const PARTS =
  /(?<string>"""[^]*?"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(?<comment>#.*)|(?<keyword>\b(?:and|as|break|def|elif|else|for|from|if|import|in|is|lambda|not|or|return|while|with|yield|None|True|False)\b)/g;

export default function ({ data, parentElement }) {
  const code = parentElement.querySelector("code");
  const button = parentElement.querySelector("button");
  const said = parentElement.querySelector(".sv-said");
  code.parentElement.setAttribute("aria-label", data.label);
  if (code.textContent !== data.code) {
    code.replaceChildren(...coloured(data.code));
    said.textContent = "";
  }
  button.onclick = async () => {
    const copied = await copy(data.code, () => getSelection().selectAllChildren(code));
    said.textContent = copied ? "Copied" : BY_HAND;
    later(button, () => (said.textContent = ""));
  };
}

function* coloured(text) {
  let end = 0;
  for (const { 0: part, index, groups } of text.matchAll(PARTS)) {
    yield text.slice(end, index);
    const span = document.createElement("span");
    span.className = `sv-${Object.keys(groups).find((kind) => groups[kind] !== undefined)}`;
    span.textContent = part;
    yield span;
    end = index + part.length;
  }
  yield text.slice(end);
}
