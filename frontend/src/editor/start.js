// The rich text editor of a <textarea data-behaviour="rich-text">. The textarea stays the form's
// field: it holds Markdown at every moment, and each change gives it an `input` event.
import { closeHistory, history } from "prosemirror-history";
import { EditorState, Plugin, Selection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { announce } from "../announce.js";
import { isTooDeep } from "./commands.js";
import { made } from "./elements.js";
import { keys } from "./keys.js";
import { LinkPanel } from "./linking.js";
import { Pasting } from "./pasting.js";
import { toDocument } from "./reading.js";
import { Toolbar } from "./toolbar.js";
import { toMarkdown } from "./writing.js";

let count = 0;

/** Starts the editor; it is then `textarea.editor`. Returns what ends it again. */
export function start(textarea) {
  const editor = new RichText(textarea);
  textarea.editor = editor;
  return () => {
    delete textarea.editor;
    editor.end();
  };
}

class RichText {
  constructor(textarea) {
    count += 1;
    this.textarea = textarea;
    this.id = `${textarea.id || "rich-text"}-${count}`;
    const view = () => this.view;
    this.link = new LinkPanel(view, this.id);
    this.pasting = new Pasting(view);
    this.toolbar = new Toolbar(view, this.id, { openLink: this.link.open });
    this.hint = made("span", { class: "sr-only", id: `${this.id}-keys` }, "Alt F10 goes to the formatting buttons.");
    this.box = made("div", { class: "rich-text" }, this.toolbar.element, this.link.element);
    this.view = new EditorView(this.box, this.options());
    this.box.append(this.pasting.element, this.hint);
    textarea.after(this.box);
    this.standIn();
    this.show();
  }

  focus() {
    this.view.focus();
  }

  /** Another text in place of this one, as one step that can be undone. */
  replace(markdown) {
    const { tr, doc } = this.view.state;
    const { content } = toDocument(markdown);
    if (doc.content.eq(content)) return;
    tr.replaceWith(0, doc.content.size, content);
    this.view.dispatch(closeHistory(tr.setSelection(Selection.atEnd(tr.doc))));
  }

  end() {
    this.listening.abort();
    this.view.destroy();
    this.box.remove();
    this.textarea.classList.remove("rich-text-source");
    this.textarea.removeAttribute("aria-hidden");
    this.textarea.removeAttribute("tabindex");
  }

  options() {
    return {
      ...this.pasting.props,
      state: EditorState.create({ doc: toDocument(this.textarea.value), plugins: this.plugins() }),
      attributes: () => this.attributes(),
      editable: () => !this.textarea.matches(":read-only, :disabled"),
      dispatchTransaction: (transaction) => this.dispatch(transaction),
    };
  }

  plugins() {
    const toToolbar = () => {
      this.toolbar.focus();
      return true;
    };
    const bounds = new Plugin({ filterTransaction: (transaction, state) => this.isBounded(transaction, state) });
    return [...keys({ openLink: this.link.open, toToolbar }), history(), bounds];
  }

  isBounded(transaction, state) {
    const isFine = !transaction.docChanged || !isTooDeep(transaction.doc) || isTooDeep(state.doc);
    if (!isFine) announce("Lists and quotes cannot be nested more deeply than this.");
    return isFine;
  }

  attributes() {
    const { textarea, id } = this;
    const label = textarea.labels[0]?.textContent.trim();
    // How Markdown is written is for those who see it (parts/rich_text.html).
    const hints = (textarea.getAttribute("aria-describedby") ?? "").split(" ");
    const described = [...hints.filter((hint) => hint && hint !== `${textarea.id}-markdown`), `${id}-keys`];
    return {
      id,
      class: "rich-text-body prose",
      role: "textbox",
      "aria-multiline": "true",
      "aria-describedby": described.join(" "),
      "aria-label": label ?? textarea.getAttribute("aria-label") ?? "Text",
      ...(textarea.getAttribute("aria-invalid") === "true" ? { "aria-invalid": "true" } : {}),
      ...(textarea.matches(":read-only, :disabled") ? { "aria-readonly": "true", tabindex: "0" } : {}),
    };
  }

  dispatch(transaction) {
    const { state, transactions } = this.view.state.applyTransaction(transaction);
    this.view.updateState(state);
    this.show();
    if (!transactions.some((one) => one.docChanged)) return;
    this.pasting.changed(transaction);
    this.write();
  }

  show() {
    const { state } = this.view;
    this.toolbar.show(state, this.view.editable);
  }

  /** The textarea holds the text; whoever watches it, such as autosave, hears of each change. */
  write() {
    const markdown = toMarkdown(this.view.state.doc);
    if (markdown === this.textarea.value) return;
    this.textarea.value = markdown;
    this.textarea.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  /** The textarea leaves the page to the editor. Labels and links to it lead on to the text. */
  standIn() {
    this.listening = new AbortController();
    const { signal } = this.listening;
    this.textarea.classList.add("rich-text-source");
    this.textarea.setAttribute("aria-hidden", "true");
    this.textarea.tabIndex = -1;
    // The form hears of the field alone, not of the parts that stand in for it.
    for (const event of ["input", "change"]) this.box.addEventListener(event, (one) => one.stopPropagation());
    this.textarea.addEventListener("focus", () => this.view.focus(), { signal });
    this.textarea.addEventListener("change", () => this.replace(this.textarea.value), { signal });
    this.textarea.form?.addEventListener(
      "reset",
      () => queueMicrotask(() => this.replace(this.textarea.value)),
      { signal },
    );
  }
}
