// Says something to those who do not see the page change: one role="status" for all of it.

const PAUSE = 60; // ms between emptying and filling: without it, the same words twice are one

let waiting;

/** Say a short sentence after whatever is being read. The last one wins. */
export function announce(text) {
  const region = document.getElementById("said");
  if (!region) return;
  clearTimeout(waiting);
  region.textContent = "";
  waiting = setTimeout(() => (region.textContent = text), PAUSE);
}
