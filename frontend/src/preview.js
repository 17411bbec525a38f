// The preview follows its form and every save: counts at once, the email when the next version of
// it is whole. Whoever reads it stays where they are; an item that was edited comes into sight.
import { announce } from "./announce.js";
import { busyWhile } from "./busy.js";
import { fetchSignedIn } from "./session.js";

const PATIENCE = 10_000; // ms for a frame to load, then the one before stays
const ANCHORS = "a[name^='i'], [id^='i']"; // every item of an email or a page has one

export function start(pane) {
  const form = pane.querySelector("form");
  if (!form) return undefined;
  const view = new View(pane, form);
  const listening = new AbortController();
  const on = { signal: listening.signal };
  for (const button of form.querySelectorAll("[data-needless]")) button.hidden = true;
  form.addEventListener("change", () => view.choose(), on);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    view.choose();
  }, on);
  document.addEventListener("issue-changed", ({ detail }) => view.renew(detail?.item), on);
  view.recall();
  return () => {
    listening.abort();
    view.stop();
  };
}

class View {
  constructor(pane, form) {
    this.pane = pane;
    this.form = form;
    this.address = pane.dataset.address;
    this.shown = pane.querySelector("[data-shown]");
    this.alone = location.pathname === this.address;
    this.asking = undefined;
  }

  get query() {
    return new URLSearchParams(new FormData(this.form)).toString();
  }

  /** Another reader or another mail program was chosen. */
  async choose() {
    this.keep();
    if (await this.renew()) announce(this.shown.querySelector("[data-summary]")?.textContent ?? "");
  }

  /** Ask for counts and frame again; item: the number of the one to show. True if they came. */
  async renew(item) {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    this.item = item ?? this.item;
    const over = busyWhile(this.shown);
    try {
      const answer = await fetchSignedIn(`${this.address}/pane?${this.query}`, {
        signal: asking.signal,
        headers: { "HX-Request": "true" },
      });
      if (!answer.ok) return false;
      const text = await answer.text();
      if (asking.signal.aborted) return false;
      await this.show(new DOMParser().parseFromString(text, "text/html").body, asking.signal);
      return true;
    } catch (error) {
      // What is shown stays; the next save asks again.
      if (error.name !== "AbortError") console.warn("The preview was not renewed.", error);
      return false;
    } finally {
      over();
    }
  }

  async show(coming, signal) {
    const said = this.shown.querySelector("[data-said]");
    const stage = this.shown.querySelector("[data-stage]");
    const newStage = coming.querySelector("[data-stage]");
    const frame = stage?.querySelector("iframe");
    const newFrame = newStage?.querySelector("iframe");
    if (!said || !frame || !newFrame) {
      this.shown.replaceChildren(...coming.childNodes);
      return;
    }
    said.replaceWith(coming.querySelector("[data-said]"));
    if (stage.dataset.stage === newStage.dataset.stage) {
      bringIntoSight(frame, this.item);
    } else if (!(await exchange(stage, newStage, newFrame, this.item, signal))) {
      return;
    }
    this.item = undefined;
  }

  /** The choice outlives a reload: in the address of its own page, elsewhere for this tab. */
  keep() {
    if (this.alone) history.replaceState(history.state, "", `?${this.query}`);
    else sessionStorage.setItem(this.address, this.query);
    const page = this.pane.querySelector("[data-preview-page]");
    if (page) page.href = `${this.address}?${this.query}`;
  }

  recall() {
    const kept = this.alone ? null : sessionStorage.getItem(this.address);
    if (kept === null || kept === this.query) return;
    const wanted = new URLSearchParams(kept);
    for (const field of this.form.elements) {
      if (field.type === "checkbox") field.checked = wanted.getAll(field.name).includes(field.value);
      else if (field.name && wanted.has(field.name)) field.value = wanted.get(field.name);
    }
    this.choose();
  }

  stop() {
    this.asking?.abort();
  }
}

/** Let a new frame load behind the one in sight, then put it into its place. */
async function exchange(stage, newStage, frame, item, signal) {
  for (const late of stage.querySelectorAll(".coming")) late.remove();
  const old = stage.querySelector("iframe");
  frame.classList.add("coming");
  const loaded = new Promise((resolve) => {
    frame.addEventListener("load", () => resolve(true), { once: true });
    signal.addEventListener("abort", () => resolve(false), { once: true });
    setTimeout(resolve, PATIENCE, false);
  });
  stage.append(frame);
  if (!(await loaded)) {
    frame.remove();
    return false;
  }
  const focused = document.activeElement === old;
  const place = placeIn(old);
  stage.className = newStage.className;
  stage.dataset.stage = newStage.dataset.stage;
  returnTo(frame, place);
  bringIntoSight(frame, item);
  frame.classList.remove("coming");
  if (focused) frame.focus({ preventScroll: true });
  old.remove();
  return true;
}

/** Where somebody reads: the item at the top of what is in sight, and how far it is from there. */
function placeIn(frame) {
  const page = frame.contentDocument;
  if (!page?.scrollingElement) return { top: 0 };
  const top = page.scrollingElement.scrollTop;
  const above = [...page.querySelectorAll(ANCHORS)].filter((one) => offset(one) <= 1);
  const last = top && above.at(-1);
  return last ? { top, anchor: nameOf(last), from: offset(last) } : { top };
}

function returnTo(frame, { top, anchor, from }) {
  const page = frame.contentDocument;
  const same = anchor && itemIn(page, anchor);
  const scroller = page?.scrollingElement;
  if (scroller) scroller.scrollTop = same ? scroller.scrollTop + offset(same) - from : top;
}

// Not scrollIntoView(): that moves the page around the frame, too.
function bringIntoSight(frame, item) {
  const page = frame.contentDocument;
  const found = item && page && itemIn(page, `i${item}`);
  if (!found) return;
  const height = frame.clientHeight;
  const at = offset(found);
  if (at < 0 || at > height * 0.7) page.scrollingElement.scrollTop += at - height * 0.2;
}

function itemIn(page, name) {
  return [...page.querySelectorAll(ANCHORS)].find((one) => nameOf(one) === name);
}

function nameOf(anchor) {
  return anchor.getAttribute("name") || anchor.id;
}

function offset(anchor) {
  return anchor.getBoundingClientRect().top;
}
