// Keeps the learner's progress in the browser. A session is told once what this browser has kept, if
// anything; until it has taken that over, nothing is written, so nothing is lost.

const NAME = "sigviz.progress";
let told;
let waiting = false;

export default function ({ data, setStateValue }) {
  try {
    if (told !== data.session) {
      told = data.session;
      const kept = localStorage.getItem(NAME);
      waiting = Boolean(kept);
      if (kept) setStateValue("kept", { session: data.session, progress: kept });
    }
    if (data.loaded) waiting = false;
    if (data.keep && !waiting) localStorage.setItem(NAME, data.keep);
  } catch {
    // Without storage (a private window may refuse it) the lessons work and are not remembered.
  }
}
