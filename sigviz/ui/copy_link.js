// Copies the page's address. On a class's own network the address is plain http, where browsers
// keep the clipboard's modern interface away; then the older one serves, or the learner's own hands.

const SAID_FOR = 4000;

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
    const copied = await copy(field);
    word.textContent = copied ? "Copied" : "Copy link";
    said.textContent = copied ? data.note : "Press Ctrl+C or ⌘C to copy it.";
    if (!copied) {
      field.hidden = false;
      field.select();
      return;
    }
    clearTimeout(button.forgetting);
    button.forgetting = setTimeout(() => {
      word.textContent = "Copy link";
      said.textContent = "";
    }, SAID_FOR);
  };
}

async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    const { hidden } = field;
    field.hidden = false;
    field.select();
    const copied = document.execCommand("copy");
    field.hidden = hidden;
    return copied;
  }
}
