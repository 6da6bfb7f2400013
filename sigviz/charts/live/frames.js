/**
 * A panel's traces at a frame.
 *
 * They are copies, because Plotly writes what the learner hides in the legend into what it is given.
 *
 * @param frame A number of a frame, or null for the newest state.
 */
export function tracesAt({ traces, moving }, frame) {
  const shown = traces.map((trace) => ({ ...trace }));
  if (frame !== null) {
    for (const { trace, name, rows } of moving) shown[trace][name] = rows[frame];
  }
  return shown;
}

/** What is different at a frame, as Plotly's animation takes it: the traces and their numbers. */
export function movesAt({ moving }, frame) {
  const data = new Map();
  for (const { trace, name, rows } of moving) {
    data.set(trace, { ...data.get(trace), [name]: rows[frame] });
  }
  return { traces: [...data.keys()], data: [...data.values()] };
}

/**
 * Whether Plotly's animation can show what changes from frame to frame: marks that move along axes
 * which stay. It leaves axes as they are, and does not draw heatmaps and contours.
 *
 * @param zoom The ranges that the learner has chosen, by the name of the axis.
 */
export function onlyMarksMove({ traces, layout, moving }, zoom) {
  if (!traces.every(({ type }) => MOVABLE.has(type))) return false;
  return moving.every(({ trace, name }) => {
    if (name !== "x" && name !== "y") return false;
    const id = traces[trace][`${name}axis`] ?? name;
    const axis = `${name}axis${id.slice(1)}`;
    return axis in zoom || hasRange(layout[axis]);
  });
}

const MOVABLE = new Set(["scatter", "bar"]);
const hasRange = (axis) => axis?.range?.every((end) => end !== null) ?? false;
