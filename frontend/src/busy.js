// Shows that a part of the page is being renewed; what it held stays in place meanwhile.

const PATIENCE = 400; // ms in which nobody needs to be told

const counts = new WeakMap();

/** Mark an element as busy, with a spinner if it takes long. Returns what ends it. */
export function busyWhile(element) {
  counts.set(element, (counts.get(element) ?? 0) + 1);
  element.setAttribute("aria-busy", "true");
  const spinner = setTimeout(() => element.classList.add("is-slow"), PATIENCE);
  return () => {
    clearTimeout(spinner);
    const left = counts.get(element) - 1;
    counts.set(element, left);
    if (left) return;
    element.removeAttribute("aria-busy");
    element.classList.remove("is-slow");
  };
}
