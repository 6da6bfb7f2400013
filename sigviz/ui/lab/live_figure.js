// Hands the component to the live figure. That comes from the app's own address, so that a tick
// carries none of it. Streamlit may clean up after one call when the next has begun already; only
// the latest counts.

let figure;
const latest = new WeakMap();

export default function (component) {
  const { parentElement } = component;
  const address = (name) => parentElement.querySelector(`link.sv-${name}`).href;
  const turn = {};
  const isLatest = () => latest.get(parentElement) === turn;
  const whenLatest = (act) => figure.then((module) => isLatest() && act(module));
  figure ??= import(address("live-figure"));
  latest.set(parentElement, turn);
  whenLatest(({ draw }) => draw(component, address("plotly")));
  return () => setTimeout(() => whenLatest(({ unmount }) => unmount(component)));
}
