// The live figure in a file of its own: the payload stands in the page, and there is no server.

import { draw } from "./figure.js";

const packed = atob(document.querySelector("#payload").textContent);
const data = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
const parentElement = document.querySelector("main");
const show = () => draw({ data, parentElement, setTriggerValue() {} });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
show();
