// Putting a link on words, changing and removing it: a small panel below the toolbar.
import { TextSelection } from "prosemirror-state";
import { addressProblem, completed, withoutTrackers } from "./addresses.js";
import { hasMark } from "./commands.js";
import { made } from "./elements.js";
import { schema } from "./schema.js";

const { link } = schema.marks;

export class LinkPanel {
  /** view: a function that gives the editor; id: what the ids of its fields begin with. */
  constructor(view, id) {
    this.view = view;
    this.address = field(id, "address", "Address", "url");
    this.words = field(id, "words", "Words", "text");
    this.problem = made("p", { class: "error", id: `${id}-link-problem`, hidden: true });
    this.apply = made("button", { type: "button", class: "button small primary", onclick: () => this.set() });
    this.remove = button("Remove link", () => this.unset());
    this.element = made(
      "div",
      { class: "rich-text-link", role: "dialog", "aria-label": "Link", hidden: true, onkeydown: (event) => this.key(event) },
      this.words.row, this.address.row, this.problem,
      made("div", { class: "buttons" }, this.apply, this.remove, button("Cancel", () => this.close())),
    );
    this.open = this.open.bind(this);
  }

  /** A ProseMirror command: opens the panel for the selection, or for the link the cursor is in. */
  open(state, dispatch, view) {
    if (!dispatch) return true;
    const around = linkAround(state);
    if (around) view.dispatch(state.tr.setSelection(TextSelection.create(state.doc, around.from, around.to)));
    this.words.row.hidden = !view.state.selection.empty;
    this.words.input.value = "";
    this.address.input.value = around?.mark.attrs.href ?? linkIn(view.state)?.attrs.href ?? "";
    this.remove.hidden = !hasMark(view.state, link);
    this.apply.textContent = this.remove.hidden ? "Add link" : "Change link";
    this.complain("");
    this.element.hidden = false;
    this.address.input.focus();
    this.address.input.select();
    return true;
  }

  close() {
    this.element.hidden = true;
    this.view().focus();
  }

  set() {
    const view = this.view();
    const href = withoutTrackers(completed(this.address.input.value));
    const problem = addressProblem(href);
    this.complain(problem);
    if (problem) {
      this.address.input.focus();
      return;
    }
    view.dispatch(linked(view.state, href, this.words.input.value.trim()));
    this.close();
  }

  unset() {
    const view = this.view();
    const { from, to } = view.state.selection;
    view.dispatch(view.state.tr.removeMark(from, to, link));
    this.close();
  }

  complain(problem) {
    this.problem.textContent = problem;
    this.problem.hidden = !problem;
    for (const [name, value] of [["aria-invalid", "true"], ["aria-describedby", this.problem.id]]) {
      if (problem) this.address.input.setAttribute(name, value);
      else this.address.input.removeAttribute(name);
    }
  }

  key(event) {
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && event.target.matches("input")) this.set();
    else return;
    // The form around and the desk's keys are not meant.
    event.preventDefault();
    event.stopPropagation();
  }
}

/** An address pasted over words makes them a link; null if it is something else. */
export function pastedLink(state, text) {
  const href = withoutTrackers(text.trim());
  if (state.selection.empty || !/^(?:https?:\/\/|mailto:)/i.test(href) || addressProblem(href)) return null;
  return linked(state, href, "");
}

function linked(state, href, words) {
  const { empty, from, to } = state.selection;
  const { tr } = state;
  const mark = link.create({ href });
  if (!empty) return tr.removeMark(from, to, link).addMark(from, to, mark);
  const text = schema.text(words || href.replace(/^mailto:/, ""), [...state.selection.$from.marks(), mark]);
  return tr.replaceSelectionWith(text, false).removeStoredMark(link).scrollIntoView();
}

/** The link that the cursor stands in, and from where to where it goes. */
function linkAround({ selection: { $from, empty } }) {
  const mark = empty && link.isInSet($from.marks());
  if (!mark) return null;
  const parent = $from.parent;
  let [first, last] = [$from.index(), $from.indexAfter()];
  if ($from.textOffset === 0 && !mark.isInSet(parent.maybeChild(first)?.marks ?? [])) first -= 1;
  while (first > 0 && mark.isInSet(parent.child(first - 1).marks)) first -= 1;
  last = Math.max(last, first + 1);
  while (last < parent.childCount && mark.isInSet(parent.child(last).marks)) last += 1;
  const width = (from, to) => parent.children.slice(from, to).reduce((sum, node) => sum + node.nodeSize, 0);
  const from = $from.start() + width(0, first);
  return { mark, from, to: from + width(first, last) };
}

function linkIn({ doc, selection: { from, to } }) {
  let found = null;
  doc.nodesBetween(from, to, (node) => {
    found ??= link.isInSet(node.marks) ?? null;
  });
  return found;
}

function field(id, name, label, mode) {
  const input = made("input", {
    class: "input", type: "text", inputmode: mode, id: `${id}-link-${name}`, autocomplete: "off", spellcheck: "false",
  });
  return { input, row: made("div", { class: "rich-text-link-row" }, made("label", { for: input.id }, label), input) };
}

function button(words, onclick) {
  return made("button", { type: "button", class: "button small", onclick }, words);
}
