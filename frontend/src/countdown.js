// Counts down to the moment that an issue goes out. The server said how many seconds are left, so
// that a computer whose clock is wrong counts right; at the end the page that shows it comes.

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];
const A_MOMENT = 3; // seconds in which the sending begins

/** data-left: seconds; data-then: the address to go to when they are over. */
export function start(element) {
  const began = performance.now();
  const left = Number(element.dataset.left);
  let timer;

  function show() {
    const now = left - (performance.now() - began) / 1000;
    if (now < -A_MOMENT) {
      location.assign(element.dataset.then);
      return;
    }
    element.textContent = now < 1 ? "a moment" : words(now);
    // Only what can be seen to change is written: seconds within the last hour.
    timer = setTimeout(show, now > 7_200 ? 30_000 : 1_000);
  }

  show();
  return () => clearTimeout(timer);
}

/** The two largest units, as the server writes them. */
export function words(seconds) {
  let rest = Math.floor(seconds);
  const parts = UNITS.map(([name, length]) => {
    const number = Math.floor(rest / length);
    rest -= number * length;
    return [number, name];
  });
  const first = parts.findIndex(([number]) => number > 0);
  return parts
    .slice(first, first + 2)
    .filter(([number]) => number > 0)
    .map(([number, name]) => `${number} ${name}${number === 1 ? "" : "s"}`)
    .join(" and ");
}
