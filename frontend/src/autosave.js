// Saves a form as somebody types: 2 s after the last key and on leaving a field, one request at a
// time. What the server does not have yet is kept on this computer (keeping.js), at most a second
// after it was typed, and offered when the form is opened again.
import { announce } from "./announce.js";
import { fill, typedIn } from "./fields.js";
import { addRow, begin as beginRows } from "./form_rows.js";
import { forget, keep, kept } from "./keeping.js";
import { unsavedWhile } from "./leaving.js";
import { clearWrong, offer, say, showPanel, showWrong } from "./save_messages.js";
import { fetchSignedIn, token } from "./session.js";

const SAVE_AFTER = 2_000; // ms without a key
const KEEP_AFTER = 500; // ms after a key; a restart in between loses no more
const FIRST_RETRY = 2_000; // ms, doubled with each try
const LAST_RETRY = 30_000;

/** On <form data-behaviour="autosave" data-keep="item:7:3">; it is then `form.autosave`. */
export function start(form) {
  const saving = new Autosave(form);
  form.autosave = saving;
  return () => saving.end();
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.name = form.dataset.keep;
    this.listening = new AbortController();
    this.retry = FIRST_RETRY;
    this.isPaused = form.hasAttribute("data-clashing");
    beginRows(form);
    this.saved = this.text();
    this.listen();
    this.offerKept();
    this.release = unsavedWhile(() => this.isUnsaved && this.isFailing && form.isConnected);
  }

  listen() {
    const { signal } = this.listening;
    const on = (type, act) => this.form.addEventListener(type, act, { signal });
    on("input", () => this.typed());
    on("change", () => this.typed());
    on("focusout", () => this.isUnsaved && this.save());
    on("submit", (event) => {
      event.preventDefault();
      this.settle();
      this.save();
    });
    addEventListener("pagehide", () => this.keepNow(), { signal });
  }

  end() {
    this.keepNow();
    this.listening.abort();
    this.release();
    clearTimeout(this.waiting);
  }

  text() {
    return JSON.stringify(typedIn(this.form));
  }

  get isUnsaved() {
    return this.text() !== this.saved;
  }

  typed() {
    this.keeping ??= setTimeout(() => this.keepNow(), KEEP_AFTER);
    if (!this.isPaused) this.saveIn(SAVE_AFTER);
  }

  keepNow() {
    clearTimeout(this.keeping);
    this.keeping = undefined;
    if (this.isUnsaved) this.isSafe = keep(this.name, typedIn(this.form), this.stamp.value);
    else if (!this.offered) forget(this.name);
  }

  saveIn(delay) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.save(), delay);
  }

  get stamp() {
    return this.form.elements.stamp;
  }

  /** Save what is not saved yet. Answers whether all of it is. */
  async save() {
    clearTimeout(this.waiting);
    if (this.sending) {
      await this.sending;
      return this.save();
    }
    if (this.isPaused || !(this.isUnsaved || this.isForced)) return !this.isUnsaved;
    this.keepNow();
    this.sending = this.send().finally(() => (this.sending = undefined));
    await this.sending;
    return !this.isUnsaved;
  }

  async send() {
    const sent = this.text();
    this.isForced = false;
    say(this.form, "Saving");
    try {
      const answer = await fetchSignedIn(this.form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(this.form)),
        headers: { Accept: "application/json", "HX-Request": "true", "X-CSRF-Token": token() },
      });
      await this.heard(answer, sent);
    } catch {
      this.failed();
    }
  }

  async heard(answer, sent) {
    if (answer.status >= 500) throw new Error("The server could not save.");
    const said = await answer.json();
    clearWrong(this.form);
    this.retry = FIRST_RETRY;
    this.isFailing = !answer.ok;
    if (answer.ok) this.accepted(said, sent);
    else if (said.fields) showWrong(this.form, said.fields);
    else if (said.panel) this.clashed(said);
    else this.refused(said.ends ?? said.error ?? "It could not be saved.", Boolean(said.ends));
  }

  accepted(said, sent) {
    this.saved = sent;
    this.stamp.value = said.stamp;
    this.offered = false;
    this.keepNow();
    if (this.isUnsaved) this.saveIn(SAVE_AFTER);
    say(this.form, `Saved ${clock()}`, "ok");
    if (said.received.length) {
      offer(this.form, "info", `Somebody else changed ${said.received.join(", ")} meanwhile. That is kept, too.`, [
        ["Show it", () => this.form.dispatchEvent(new CustomEvent("reopen", { bubbles: true }))],
      ]);
    }
    const item = Number(this.form.dataset.item) || undefined;
    document.dispatchEvent(new CustomEvent("issue-changed", { detail: { item } }));
    if (said.chosen) this.form.dispatchEvent(new CustomEvent("reopen", { bubbles: true }));
  }

  clashed({ panel, stamp }) {
    this.isPaused = true;
    this.theirStamp = stamp;
    showPanel(this.form, panel);
    say(this.form, "Not saved: choose which text to keep", "warn");
  }

  /** After a choice between two texts: save on top of what there is now. */
  settle() {
    const clash = this.form.querySelector("[data-clash]");
    if (!clash) return;
    if ([...clash.querySelectorAll("fieldset")].some((one) => !one.querySelector(":checked"))) {
      clash.querySelector("fieldset:not(:has(:checked)) input")?.focus();
      announce("Choose for each field.");
      return;
    }
    if (this.theirStamp) this.stamp.value = this.theirStamp;
    [this.isPaused, this.isForced] = [false, true];
  }

  refused(words, ends) {
    say(this.form, "Not saved. Your text is safe on this computer.", "warn");
    if (!ends || !this.form.querySelector("[data-ends]")) offer(this.form, "warn", words);
  }

  failed() {
    this.isFailing = true;
    const safe = this.isSafe === false ? "" : " Your text is safe on this computer.";
    say(this.form, `Not saved. Trying again.${safe}`, "bad");
    this.saveIn(this.retry);
    this.retry = Math.min(this.retry * 2, LAST_RETRY);
  }

  offerKept() {
    const found = kept(this.name);
    if (!found || this.isPaused) return;
    if (JSON.stringify(found.fields) === this.saved) {
      forget(this.name);
      return;
    }
    this.offered = true;
    offer(this.form, "warn", `You have text here that was not saved, of ${clock(found.at)}.`, [
      ["Use it", () => this.use(found)],
      ["Discard it", () => this.discard()],
    ]);
  }

  use({ fields, stamp }) {
    this.offered = false;
    fill(this.form, fields, addRow);
    this.stamp.value = stamp;
    this.save();
  }

  discard() {
    this.offered = false;
    forget(this.name);
  }
}

function clock(at = Date.now()) {
  return new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });
}
