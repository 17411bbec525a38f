// The contents of an issue: changed without loading the page, opened in place, focus kept.
import { announce } from "./announce.js";
import { busyWhile } from "./busy.js";
import { focusOn } from "./focus.js";
import { fetchSignedIn, token } from "./session.js";
import { begin as beginSorting } from "./sorting.js";

const PRESENT_EVERY = 30_000; // ms; the server forgets whoever has missed four of these

/** On the frame around #contents. */
export function start(frame) {
  const composing = new Compose(frame);
  return () => composing.end();
}

class Compose {
  constructor(frame) {
    this.frame = frame;
    this.listening = new AbortController();
    const { signal } = this.listening;
    const on = (type, act) => frame.addEventListener(type, act, { signal });
    on("submit", (event) => this.submitted(event));
    on("click", (event) => this.clicked(event));
    on("reopen", ({ target }) => this.reopen(target));
    on("keydown", (event) => this.pressed(event));
    document.addEventListener("issue-changed", ({ detail }) => detail?.item && this.renew(), { signal });
    this.endSorting = beginSorting(this.contents, (form) => this.send(form));
    this.tellPresence();
    this.telling = setInterval(() => this.tellPresence(), PRESENT_EVERY);
  }

  end() {
    this.listening.abort();
    this.endSorting();
    clearInterval(this.telling);
  }

  get contents() {
    return this.frame.querySelector("#contents");
  }

  submitted(event) {
    const form = event.target;
    if (!form.matches("[data-contents]") || event.defaultPrevented) return;
    event.preventDefault();
    this.send(form, event.submitter);
  }

  /** Send a form of the contents; what comes back takes their place. */
  async send(form, button) {
    const done = busyWhile(this.contents);
    try {
      const body = new URLSearchParams(new FormData(form, button));
      await this.show(await this.ask(form.action, { method: "POST", body }), button?.id);
      if (form.matches(".add-topic")) this.frame.querySelector("#new-topic")?.focus();
    } catch {
      announce("Not changed: Bulletin could not be reached. Try again.");
      await this.renew();
    } finally {
      done();
    }
  }

  async ask(address, request = {}) {
    const headers = { "HX-Request": "true", "X-CSRF-Token": token() };
    return fetchSignedIn(address, { ...request, headers });
  }

  /** Without a change of ours: an item was saved, or somebody else was here. */
  async renew() {
    try {
      const answer = await this.ask(`${this.root}/contents`);
      if (answer.ok) this.put(await answer.text());
    } catch {
      // The next change brings them.
    }
  }

  get root() {
    return location.pathname;
  }

  async show(answer, pressed) {
    const markup = await answer.text();
    if (!markup.includes('id="contents"')) throw new Error("No contents came.");
    this.put(markup, pressed);
    const { said } = this.contents.dataset;
    const trouble = this.contents.querySelector(":scope > .banner.bad");
    if (trouble) focusOn(trouble);
    else if (said) announce(said);
    if (answer.ok) document.dispatchEvent(new CustomEvent("issue-changed", { detail: {} }));
  }

  /** Fresh contents in place of the old; what is open in its place stays as it is. */
  put(markup, pressed) {
    const model = document.createElement("template");
    model.innerHTML = markup;
    const fresh = model.content.querySelector("#contents");
    const focused = pressed ?? (this.contents.contains(document.activeElement) ? document.activeElement.id : "");
    const isTyping = document.activeElement?.closest?.(".slot");
    if (skeleton(fresh) === skeleton(this.contents)) patch(this.contents, fresh);
    // To move an editor takes the cursor out of the text: another's change of the order waits.
    else if (isTyping) return;
    else this.exchange(fresh);
    this.endSorting();
    this.endSorting = beginSorting(this.contents, (form) => this.send(form));
    if (!isTyping) this.focusAgain(focused);
  }

  exchange(fresh) {
    const old = this.contents;
    old.before(fresh); // first, so that nothing leaves the document on its way
    for (const slot of old.querySelectorAll(".slot")) {
      const place = slot.firstElementChild && fresh.querySelector(`#${slot.id}`);
      if (!place) continue;
      place.closest(".compose-row").classList.add("is-open");
      place.replaceWith(slot);
    }
    old.remove();
  }

  focusAgain(id) {
    const button = id && document.getElementById(id);
    if (!button) return;
    const other = id.replace(/^(.*?)(up|down)-/, (_, before, way) => `${before}${way === "up" ? "down" : "up"}-`);
    (button.disabled ? document.getElementById(other) : button)?.focus();
    button.closest("[data-row]")?.scrollIntoView({ block: "nearest" });
  }

  clicked(event) {
    const opener = event.target.closest("[data-open]");
    const chooser = event.target.closest("[data-choose]");
    const done = event.target.closest("[data-done]");
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    if (opener) {
      event.preventDefault();
      this.toggle(opener.closest(".compose-row"));
    } else if (chooser) {
      event.preventDefault();
      this.open(chooser.closest(".compose-row"), "[data-reader]");
    } else if (done?.closest(".slot")) {
      event.preventDefault();
      this.close(done.closest(".compose-row"));
    }
  }

  pressed(event) {
    if (event.altKey && event.shiftKey && event.code === "KeyM") {
      const link = event.target.closest("[data-row]")?.querySelector("[data-move]"); // in a closed menu
      if (link) event.preventDefault();
      link?.click();
    }
    const slot = event.target.closest(".slot");
    if (event.key !== "Escape" || !slot || event.defaultPrevented) return;
    event.preventDefault();
    this.close(slot.closest(".compose-row"));
  }

  async toggle(row) {
    if (row.querySelector(".slot").firstElementChild) await this.close(row);
    else await this.open(row);
  }

  async open(row, first = "input:not([type=hidden])") {
    for (const other of this.contents.querySelectorAll(".compose-row.is-open")) await this.close(other, false);
    const slot = document.getElementById(`open-${row.dataset.item}`);
    const issue = this.root.match(/issues\/(\d+)/)[1];
    const done = busyWhile(slot);
    try {
      const answer = await this.ask(`/app/items/${row.dataset.item}/edit?issue=${issue}`);
      if (!answer.ok) throw new Error("No form came.");
      slot.innerHTML = await answer.text();
      slot.closest(".compose-row").classList.add("is-open");
      slot.querySelector(first)?.focus();
      this.tellPresence();
    } catch {
      announce("The item could not be opened: Bulletin could not be reached. Try again.");
    } finally {
      done();
    }
  }

  async close(row, focusing = true) {
    const slot = row.querySelector(".slot");
    const form = slot.querySelector("form");
    if (form?.autosave && !(await form.autosave.save()) && form.isConnected) {
      announce("Not saved yet. Your text is safe on this computer.");
      return;
    }
    const now = document.getElementById(row.id);
    now.querySelector(".slot").replaceChildren();
    now.classList.remove("is-open");
    if (focusing) now.querySelector("[data-open]").focus();
    if (location.search) history.replaceState(null, "", `${location.pathname}#${row.id}`);
  }

  /** The same item again, as it is now. */
  async reopen(form) {
    const row = form.closest(".compose-row");
    row.querySelector(".slot").replaceChildren();
    await this.open(row);
  }

  async tellPresence() {
    const place = this.frame.querySelector("[data-present]");
    if (!place || document.hidden) return;
    const item = this.contents.querySelector(".slot:not(:empty)")?.closest(".compose-row")?.dataset.item ?? 0;
    try {
      const answer = await this.ask(place.dataset.present, { method: "POST", body: new URLSearchParams({ item }) });
      if (answer.ok) place.innerHTML = await answer.text();
    } catch {
      // Whoever cannot be reached is told so by what they do.
    }
  }
}

/** Which items stand under which topics. */
function skeleton(contents) {
  const sections = [...contents.querySelectorAll("[data-list]")];
  return JSON.stringify(sections.map((list) => [list.dataset.list, [...list.children].map((row) => row.id)]));
}

// What changes although everything stands where it stood.
const PARTS = [":scope > .section-head", ".topic-head", ".compose-line"];

function patch(contents, fresh) {
  contents.dataset.said = fresh.dataset.said;
  for (const old of contents.querySelectorAll(":scope > .banner")) old.remove();
  for (const selector of PARTS) {
    const news = [...fresh.querySelectorAll(selector)];
    [...contents.querySelectorAll(selector)].forEach((old, place) => old.replaceWith(news[place]));
  }
  const head = contents.querySelector(":scope > .section-head");
  head.after(...fresh.querySelectorAll(":scope > .banner"));
}
