// Which row of a list the keyboard is on, and how it stays there when the list is exchanged.
// A list is an element with data-keys and an id; its rows are its children, or what has data-row in it.

const KEPT = "desk:row";
const FRESH = 15_000; // ms: a page that comes back later than this begins at its top
const CONTROLS = "a[href], button:not(:disabled), input:not([type=hidden]):not(:disabled), [tabindex]";

let last; // where the focus was in a list: {list, row, place}

/** The list that holds an element, or undefined. */
export function listOf(element) {
  return element?.closest?.("[data-keys]") ?? undefined;
}

/** The rows of a list that can be seen, in their order. */
export function rowsOf(list) {
  const marked = [...list.querySelectorAll("[data-row]")];
  return (marked.length ? marked : [...list.children]).filter((row) => row.checkVisibility());
}

/** The row that holds an element, in a list of rows or anywhere else (data-row). */
export function rowOf(element) {
  const list = listOf(element);
  const marked = element?.closest?.("[data-row]");
  return marked ?? (list && rowsOf(list).find((row) => row.contains(element)));
}

/** Put the focus on a row: on what opens it, else on its first control. */
export function focusRow(row) {
  const control = row?.querySelector("[data-open]") ?? [...(row?.querySelectorAll(CONTROLS) ?? [])].find(
    (one) => one.checkVisibility(),
  );
  control?.focus();
  row?.scrollIntoView({ block: "nearest" });
  return Boolean(control);
}

/** Go so many rows down (or up, below 0) from the one in focus; into the first list from nowhere. */
export function stepRows(count) {
  const list = listOf(document.activeElement) ?? document.querySelector("[data-keys]");
  if (!list) return false;
  const rows = rowsOf(list);
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = at < 0 ? 0 : Math.min(Math.max(at + count, 0), rows.length - 1);
  return focusRow(rows[next]);
}

function remember({ target }) {
  const list = listOf(target);
  const row = list && rowOf(target);
  if (row) last = { list: list.id, row: row.id, place: rowsOf(list).indexOf(row) };
  else if (!target.matches("body, main, h1")) last = undefined; // a heading gets it for want of the row
}

function hasLostFocus() {
  const active = document.activeElement;
  return !active || active === document.body || active.matches("main, h1");
}

function goBack({ list: id, row, place }) {
  const list = id && document.getElementById(id);
  if (!list) return;
  const rows = rowsOf(list);
  focusRow((row && rows.find((one) => one.id === row)) || rows[Math.min(place, rows.length - 1)]);
}

function keepForNextPage({ target }) {
  if (last && listOf(target)?.id === last.list) {
    sessionStorage.setItem(KEPT, JSON.stringify({ ...last, path: location.pathname, at: Date.now() }));
  }
}

function goBackAfterLoading() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  sessionStorage.removeItem(KEPT);
  if (kept?.path === location.pathname && Date.now() - kept.at < FRESH && hasLostFocus()) goBack(kept);
}

document.addEventListener("focusin", remember);
document.addEventListener("submit", keepForNextPage);
document.addEventListener("htmx:after:settle", () => {
  if (last && hasLostFocus()) goBack(last);
});
goBackAfterLoading();
