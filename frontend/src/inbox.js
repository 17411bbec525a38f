// The inbox: what the clipboard holds beside plain text, several items at once, and an item that is
// shown as soon as the keyboard comes to its row.
import { announce } from "./announce.js";

const LINGER = 150; // ms on a row before its item is fetched: who runs down the list fetches one
const MARGIN = 16; // px above what is shown in a pane
const WIDE = matchMedia("(min-width: 64em)");
const PICTURES = /<img\b[^>]*\bsrc\s*=\s*["']?data:[^>]*>/gi;

const PROGRAMS = [
  ["Excel", /urn:schemas-microsoft-com:office:excel|content=["']?Excel/i],
  ["Outlook", /urn:schemas-microsoft-com:office:outlook|class=["']?OutlookMessageHeader/i],
  ["Word", /urn:schemas-microsoft-com:office:word|class=["']?Mso/i],
  ["Google Docs", /docs-internal-guid/i],
];

/** On the form to paste into: keeps the HTML of what is pasted beside its text. */
export function clipboard(form) {
  const box = form.querySelector("[data-paste-text]");
  const html = form.querySelector("[data-paste-html]");
  const program = form.querySelector("[data-paste-program]");
  const said = form.querySelector("[data-paste-said]");
  let pasted; // {html, program, text}: the text as the box had it right after the paste

  const tell = (words) => {
    said.hidden = !words;
    if (said.textContent === words) return;
    said.textContent = words;
    announce(words);
  };
  const look = () => {
    const same = Boolean(pasted) && box.value === pasted.text;
    html.value = same ? pasted.html : "";
    program.value = same ? pasted.program : "";
    if (same) tell(`Pasted from ${pasted.program}, ${count(box.value)}.`);
    else if (pasted && box.value) tell("Changed since it was pasted: the text is read as it stands here, without hidden links.");
    else tell("");
  };
  const paste = (event) => {
    const found = event.clipboardData?.getData("text/html") ?? "";
    const replaces = !box.value || (box.selectionStart === 0 && box.selectionEnd === box.value.length);
    if (!found.trim() || !replaces) return;
    const kept = { html: found.replace(PICTURES, ""), program: nameOf(found) };
    const arrived = () => {
      pasted = { ...kept, text: box.value };
      look();
    };
    box.addEventListener("input", arrived, { once: true });
  };
  box.addEventListener("paste", paste);
  box.addEventListener("input", look);
  if (html.value) pasted = { html: html.value, program: program.value, text: box.value };
  return () => {
    box.removeEventListener("paste", paste);
    box.removeEventListener("input", look);
  };
}

function nameOf(html) {
  return PROGRAMS.find(([, sign]) => sign.test(html))?.[0] ?? "a web page";
}

function count(text) {
  return `${text.length.toLocaleString("en-GB")} character${text.length === 1 ? "" : "s"}`;
}

/** On the form for several items at once: its buttons are there when some are ticked. */
export function selection(form) {
  const boxes = () => [...document.querySelectorAll(`input[form="${form.id}"][data-select]`)];
  const show = () => {
    const ticked = boxes().filter((one) => one.checked).length;
    form.dataset.ticked = ticked ? "some" : "none";
    const words = `${ticked} item${ticked === 1 ? "" : "s"} ticked:`;
    form.querySelector("[data-selected]").textContent = ticked ? words : "";
  };
  const change = ({ target }) => {
    if (target.matches("[data-select]")) show();
  };
  // With some ticked, a key acts on all of them and not on the row that it was pressed in.
  const key = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.documentElement.dataset.letters === "off" || form.dataset.ticked !== "some") return;
    if (!event.target.closest?.("[data-keys]") || event.target.matches("input:not([type=checkbox]), textarea")) return;
    const button = form.querySelector(`[data-all="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  };
  show();
  document.addEventListener("change", change);
  document.addEventListener("keydown", key, true);
  document.addEventListener("htmx:after:settle", show);
  return () => {
    document.removeEventListener("change", change);
    document.removeEventListener("keydown", key, true);
    document.removeEventListener("htmx:after:settle", show);
  };
}

/** On what was found: the original beside it shows where the item in focus came from. */
export function beside(list) {
  const come = ({ target }) => {
    const from = target.closest("[data-row]")?.querySelector("[data-open]")?.hash;
    const part = from && document.getElementById(from.slice(1));
    const pane = part?.closest(".original");
    if (!pane || !WIDE.matches) return;
    pane.scrollTop += part.getBoundingClientRect().top - pane.getBoundingClientRect().top - MARGIN;
  };
  list.addEventListener("focusin", come);
  return () => list.removeEventListener("focusin", come);
}

/** On the list: the pane beside it shows the row that has the focus. */
export function follows(list) {
  let waiting;
  const come = ({ target }) => {
    clearTimeout(waiting);
    const row = target.closest("[data-row]");
    const link = row?.querySelector("[data-open]");
    if (!link || !WIDE.matches || target !== link || row.classList.contains("chosen")) return;
    waiting = setTimeout(() => row.isConnected && link.click(), LINGER);
  };
  const opened = ({ target }) => {
    const row = target.closest("[data-open]")?.closest("[data-row]");
    if (!row || !WIDE.matches) return;
    clearTimeout(waiting);
    for (const one of list.querySelectorAll(".chosen")) {
      one.classList.remove("chosen");
      one.removeAttribute("aria-current");
    }
    row.classList.add("chosen");
    row.setAttribute("aria-current", "true");
  };
  // Narrow: the item takes the list's place, so it is a page of its own.
  const narrow = (event) => {
    if (!WIDE.matches && event.target.closest("[data-open]")) event.stopPropagation();
  };
  list.addEventListener("focusin", come);
  list.addEventListener("click", opened);
  list.addEventListener("click", narrow, true);
  return () => {
    clearTimeout(waiting);
    list.removeEventListener("focusin", come);
    list.removeEventListener("click", opened);
    list.removeEventListener("click", narrow, true);
  };
}

/** On a form that is sent as soon as something in it changes: its button is for who has no script. */
export function sendsItself(form) {
  const plain = form.querySelector("[data-save]");
  if (plain) plain.hidden = true;
  if (form.hasAttribute("hx-post")) return undefined; // htmx sends it
  const send = () => form.requestSubmit();
  form.addEventListener("change", send);
  return () => form.removeEventListener("change", send);
}
