let loading;

/** Load Plotly.js from an address, once; resolves when it is there. */
export function loadPlotly(address) {
  loading ??= window.Plotly ? Promise.resolve() : load(address);
  return loading;
}

function load(address) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: address });
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}
