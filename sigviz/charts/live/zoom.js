/**
 * The learner's zoom after a change of the view.
 *
 * Plotly's own memory of it ends when a range is sent anew, so it is kept here.
 *
 * @param zoom The ranges that the learner has chosen, by the name of the axis.
 * @param change What Plotly tells of the change: `{"xaxis.range[0]": …, "yaxis.autorange": true}`.
 * @param layout The plot's layout as it is now.
 */
export function zoomAfter(zoom, change, layout) {
  const after = { ...zoom };
  for (const name of Object.keys(change)) {
    const [, axis, part] = name.match(/^([xy]axis\d*)\.(range|autorange)/) ?? [];
    if (part === "autorange") delete after[axis];
    else if (part === "range") after[axis] = [...layout[axis].range];
  }
  return after;
}

/** Whether a change gives a zoom up, so that the server's own range counts again. */
export function givesUp(change) {
  return Object.keys(change).some((name) => name.endsWith("autorange"));
}
