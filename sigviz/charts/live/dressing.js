/**
 * The server's layout in the theme's colours, with the learner's own view of it.
 *
 * @param layout A panel's layout, its colours filled in.
 * @param theme What `themeOf` found.
 * @param learner `zoom` has the ranges that the learner has chosen, by the name of the axis; `view`
 *   is a number, not 0: with another one Plotly forgets what the learner has hidden or turned.
 */
export function dressed(layout, theme, { zoom, view }) {
  const parts = Object.entries(layout).map(([name, part]) => {
    if (AXIS.test(name)) return [name, dressedAxis(part, theme, zoom[name])];
    if (SCENE.test(name)) return [name, dressedScene(part, theme)];
    return [name, part];
  });
  return { ...ground(theme), uirevision: view, ...Object.fromEntries(parts) };
}

const AXIS = /^[xy]axis\d*$/;
const SCENE = /^scene\d*$/;

function ground({ text, grid, background, font, scale }) {
  return {
    autosize: true,
    margin: { l: 58 * scale, r: 14, t: 30 * scale, b: 44 * scale },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: font, size: 12.5 * scale, color: text },
    hoverlabel: { bgcolor: background, bordercolor: grid, font: { family: font, color: text } },
    legend: {
      orientation: "h",
      x: 0,
      y: 1.02,
      yanchor: "bottom",
      itemwidth: 30,
      font: { size: 12 * scale },
    },
    modebar: { bgcolor: `${background}e6`, color: text, activecolor: text },
    hovermode: "closest",
    dragmode: "zoom",
  };
}

function dressedAxis(axis, { grid, scale }, range) {
  return {
    gridcolor: grid,
    zerolinecolor: grid,
    linecolor: grid,
    automargin: true,
    ...axis,
    title: { ...axis.title, font: { size: 12.5 * scale }, standoff: 6 },
    ...(range ? { range, autorange: false } : {}),
  };
}

function dressedScene(scene, { grid, background }) {
  const plain = { gridcolor: grid, zerolinecolor: grid, backgroundcolor: background };
  const sides = ["xaxis", "yaxis", "zaxis"].map((side) => [side, { ...plain, ...scene[side] }]);
  return { ...scene, ...Object.fromEntries(sides) };
}
