/**
 * Gives names of colours their shade: a function from `@name` or `@name/alpha` to a colour.
 *
 * @param shades By name, `[on light ground, on dark ground]`.
 */
export function shading(shades, { dark, background, text }) {
  return (token) => {
    const [name, alpha] = token.slice(1).split("/");
    if (name === "surface") return background;
    if (name === "text") return text;
    const hex = shades[name][dark ? 1 : 0];
    return alpha ? hex + opacity(alpha) : hex;
  };
}

const opacity = (alpha) =>
  Math.round(alpha * 255)
    .toString(16)
    .padStart(2, "0");

/** A trace or a layout with every name of a colour in it replaced; arrays of numbers stay. */
export function coloured(value, colour) {
  if (typeof value === "string") return value[0] === "@" ? colour(value) : value;
  if (ArrayBuffer.isView(value) || value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) {
    return ArrayBuffer.isView(value[0]) ? value : value.map((item) => coloured(item, colour));
  }
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, coloured(v, colour)]));
}
