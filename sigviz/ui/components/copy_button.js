
// Copies a text. On a class's own network the address is plain http, where browsers keep the
// clipboard's modern interface away; then what `select` has selected is copied the older way.
async function copy(text, select) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    select();
    return document.execCommand("copy");
  }
}

const BY_HAND = "Press Ctrl+C or ⌘C to copy it.";

/** Do something when what was said has been read; `button` is what it was said about. */
function later(button, act) {
  clearTimeout(button.forgetting);
  button.forgetting = setTimeout(act, 4000);
}
