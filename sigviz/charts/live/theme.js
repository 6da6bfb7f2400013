/** What an element's page looks like: the colours and sizes that Streamlit's theme gives it. */
export function themeOf(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(`--st-${name}`).trim();
  const background = read("background-color") || "#ffffff";
  const root = getComputedStyle(document.documentElement);
  return {
    dark: isDark(background),
    background,
    text: read("text-color"),
    font: read("font"),
    grid: read("border-color"),
    // How much larger than usual all type is: on a projector it is.
    scale: parseFloat(root.fontSize) / parseFloat(read("base-font-size")) || 1,
  };
}

/** Whether a colour, `#rrggbb`, is nearer to black than to white, as an eye sees it. */
export function isDark(colour) {
  const [r, g, b] = colour.match(/[0-9a-f]{2}/gi).map((pair) => parseInt(pair, 16));
  return 0.3 * r + 0.6 * g + 0.1 * b < 128;
}
