const READ_AFTER = 4000;

/** What to do where `copy` cannot. */
export const BY_HAND = "Press Ctrl+C or ⌘C to copy it.";

/**
 * Copies a text; resolves to whether it could.
 *
 * On a class's own network the address is plain http, where browsers keep the clipboard's modern
 * interface away; then what `select` has selected is copied the older way.
 */
export async function copy(text, select) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    select();
    return document.execCommand("copy");
  }
}

const forgetting = new WeakMap();

/** Do something when what was said has been read; `button` is what it was said about. */
export function later(button, act) {
  clearTimeout(forgetting.get(button));
  forgetting.set(button, setTimeout(act, READ_AFTER));
}
