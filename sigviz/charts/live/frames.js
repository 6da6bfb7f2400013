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
