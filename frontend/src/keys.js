// The keyboard. Each key presses a button that is on the page (data-key), so nothing here knows what
// a page does. Single letters can be switched off, and but for ? / J K work only in a list (WCAG 2.1.4).
import { announce } from "./announce.js";
import { listOf, rowOf, stepRows } from "./rows.js";

const TYPING = "input, textarea, select, [contenteditable]:not([contenteditable=false]), [role=textbox]";
const CHOOSERS = ["checkbox", "radio", "button", "submit", "file"];

const LETTERS = {
  j: () => stepRows(1),
  k: () => stepRows(-1),
  "/": () => goToFilter(),
  "?": () => press(document, "keys"),
  z: () => pressElement(document.querySelector("[data-undo]")),
  " ": (row) => pressElement(row?.querySelector("input[type=checkbox][data-select]")),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (act(event)) event.preventDefault();
});

function act(event) {
  const { target } = event;
  if (event.ctrlKey || event.metaKey) return event.altKey || event.shiftKey ? false : withCtrl(event);
  if (event.altKey) return withAlt(event);
  if (isTyping(target) || document.documentElement.dataset.letters === "off") return false;
  return letter(event.key, target);
}

function withCtrl({ key, target }) {
  const name = { s: "save", S: "save", Enter: "next" }[key];
  return Boolean(name) && nearest(target, name);
}

function withAlt({ key, code, shiftKey, target }) {
  const row = rowOf(target);
  if (!row) return false;
  // By its place on the keyboard, since Alt with a letter types another one on some.
  if (shiftKey) return code === "KeyM" && press(row, "move");
  return (key === "ArrowUp" && press(row, "up")) || (key === "ArrowDown" && press(row, "down"));
}

function letter(key, target) {
  const name = key.length === 1 ? key.toLowerCase() : key;
  const inDialog = Boolean(document.querySelector("dialog:modal"));
  const list = listOf(target);
  const row = list && rowOf(target);
  if (name === " " && target.matches("button, summary, a, input")) return selectByRow(row, target);
  if (inDialog && name !== "?") return false;
  if (name in LETTERS) return LETTERS[name](row);
  return Boolean(list) && ((row && press(row, name)) || press(list, name));
}

// Space on a link scrolls, which nobody in a list wants; on a button it presses that button.
function selectByRow(row, target) {
  return target.matches("a") && LETTERS[" "](row);
}

function isTyping(element) {
  return element.matches?.(TYPING) && !CHOOSERS.includes(element.type);
}

/** The button of this name in the same form or dialog, else the first in sight on the page. */
function nearest(target, name) {
  const dialog = document.querySelector("dialog:modal");
  const places = [target.closest?.("form"), dialog ?? document.querySelector("main"), dialog ?? document];
  return places.some((place) => place && press(place, name));
}

function press(place, name) {
  const buttons = place.querySelectorAll(`[data-key="${CSS.escape(name)}"]`);
  return pressElement([...buttons].find((one) => one.checkVisibility() && !one.disabled));
}

function pressElement(element) {
  element?.click();
  return Boolean(element);
}

function goToFilter() {
  const filter = [...document.querySelectorAll("[data-filter]")].find((one) => one.checkVisibility());
  if (!filter) return false;
  filter.focus();
  filter.select?.();
  announce("Filter");
  return true;
}
