import { themeOf } from "./theme.js";

const TITLE_ROOM = 30;

/** A button in a panel's bar that saves what the panel shows now, as `png` or `svg`. */
export function camera(format) {
  const word = format.toUpperCase();
  return {
    name: format,
    title: `Download as ${word}`,
    icon: {
      svg: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" class="icon sv-format">
        <text x="20" y="16" text-anchor="middle">${word}</text></svg>`,
    },
    click: (plot) => savePicture(plot, format),
  };
}

/** A picture of a panel as it is now, with its title, on the ground of the theme. */
function savePicture(plot, format) {
  const box = plot.closest(".sv-box");
  const { t } = plot._fullLayout._size; // oxlint-disable-line no-underscore-dangle -- nowhere else
  const layout = {
    ...plot.layout,
    title: {
      text: box.querySelector("h2").innerHTML, // a title in Plotly may be markup, too
      font: { size: 15 },
      x: 0,
      xanchor: "left",
      y: 1,
      yanchor: "top",
      pad: { l: 14, t: 12 },
    },
    margin: { ...plot.layout.margin, t: t + TITLE_ROOM },
    paper_bgcolor: themeOf(plot).background,
  };
  return Plotly.downloadImage(
    { data: plot.data.map((trace) => ({ ...trace })), layout },
    {
      format,
      scale: format === "png" ? 2 : 1,
      width: plot.clientWidth,
      height: plot.clientHeight + TITLE_ROOM,
      filename: `sigviz-${box.dataset.panel}`,
    },
  );
}
