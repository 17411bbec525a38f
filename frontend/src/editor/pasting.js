// Pasting and dropping into the text: cleaned, told, and one step of its own to undo.
import { closeHistory, undo } from "prosemirror-history";
import { announce } from "../announce.js";
import { made } from "./elements.js";
import { pastedLink } from "./linking.js";
import { cleaned } from "./paste/clean.js";

// Characters, and paragraphs. Far more than a body has; more would stop the page for seconds.
const MOST_HTML = 2_000_000; // beyond it, the plain text beside it is taken
const MOST_TEXT = 200_000;
const MOST_LINES = 1_000;

export class Pasting {
  /** view: a function that gives the editor. */
  constructor(view) {
    this.view = view;
    this.removed = null;
    this.read = { given: "" }; // the paste that was cleaned last, so that it is done once
    this.words = made("span");
    this.undo = made("button", { type: "button", class: "as-link", onclick: () => this.takeBack() }, "Undo");
    this.element = made("p", { class: "rich-text-told", hidden: true }, this.words, " ", this.undo);
  }

  /** What the view is given. */
  get props() {
    return {
      transformPastedHTML: (html) => {
        const { html: clean, removed } = this.clean(html);
        this.removed = removed;
        return clean;
      },
      handlePaste: (view, event) => this.paste(view, event),
      handleDOMEvents: {
        paste: (view, event) => this.bounded(view, event, event.clipboardData),
        drop: (view, event) => this.bounded(view, event, event.dataTransfer),
      },
    };
  }

  /** After every change: tells of a paste, and takes back what it told of the one before. */
  changed(transaction) {
    const came = ["paste", "drop"].includes(transaction.getMeta("uiEvent"));
    const words = came && this.removed ? told(this.removed) : "";
    this.removed = null;
    this.read = { given: "" };
    this.tell(words, Boolean(words));
  }

  tell(words, canUndo) {
    this.element.hidden = !words;
    this.words.textContent = words;
    this.undo.hidden = !canUndo;
    if (words) announce(words);
  }

  paste(view, event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const link = pastedLink(view.state, text);
    view.dispatch(closeHistory(link ?? view.state.tr));
    return Boolean(link);
  }

  /** True if the paste is dealt with: what is too much is told, and nothing of the text lost. */
  bounded(view, event, data) {
    const html = data?.getData("text/html") ?? "";
    const text = data?.getData("text/plain") ?? "";
    const isPlain = html.length > MOST_HTML;
    const problem = tooMuch(text, isPlain || !html ? 0 : this.clean(html).lines);
    if (!problem && !isPlain) return false;
    event.preventDefault();
    if (problem) this.tell(problem, false);
    else view.pasteText(text, event);
    return true;
  }

  clean(html) {
    if (html !== this.read.given) this.read = { given: html, ...cleaned(html) };
    return this.read;
  }

  takeBack() {
    const view = this.view();
    undo(view.state, view.dispatch);
    view.focus();
  }
}

function tooMuch(text, lines) {
  const count = (number) => number.toLocaleString("en-GB");
  if (text.length > MOST_TEXT) {
    return `Not pasted: that is ${count(text.length)} characters, and ${count(MOST_TEXT)} fit at once.`;
  }
  return lines > MOST_LINES
    ? `Not pasted: that is ${count(lines)} paragraphs, and ${count(MOST_LINES)} fit at once.`
    : "";
}

/** "Pasted. Removed 1 image and 3 styles.", or "" if all of it was kept. */
function told({ images, styles, hidden }) {
  const parts = [
    [images, "image", "images"],
    [styles, "style", "styles"],
    [hidden, "hidden text", "hidden texts"],
  ].filter(([count]) => count);
  const words = parts.map(([count, one, several]) => `${count} ${count === 1 ? one : several}`);
  if (!words.length) return "";
  const list = words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : words[0];
  return `Pasted. Removed ${list}.`;
}
