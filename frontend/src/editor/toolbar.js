// The buttons above the text: one stop for Tab, arrows within (ARIA's toolbar pattern).
import { redo, undo } from "prosemirror-history";
import * as commands from "./commands.js";
import { icon, made } from "./elements.js";
import { declared, spoken } from "./keys.js";
import { schema } from "./schema.js";

const { nodes, marks } = schema;
const inList = (type) => (state) => commands.listAround(state)?.list.type === type;

/** pressed: of a switch, whether it is on. */
const BUTTONS = [
  {
    name: "Bold", key: "Mod-b", run: commands.bold,
    pressed: (state) => commands.hasMark(state, marks.strong),
    path: "M6 3.5h4.5a3.2 3.2 0 010 6.4H6zM6 9.9h5.3a3.3 3.3 0 010 6.6H6z",
  },
  {
    name: "Italic", key: "Mod-i", run: commands.italic,
    pressed: (state) => commands.hasMark(state, marks.em),
    path: "M8 3.5h6M6 16.5h6M11.5 3.5l-3 13",
  },
  {
    name: "Link", key: "Mod-k", run: "openLink",
    pressed: (state) => commands.hasMark(state, marks.link),
    path: "M8.5 11.5a3.2 3.2 0 004.6 0l2.7-2.7a3.2 3.2 0 00-4.6-4.6L10 5.4M11.5 8.5a3.2 3.2 0 00-4.6 0l-2.7 2.7a3.2 3.2 0 004.6 4.6L10 14.6",
  },
  {
    name: "Bulleted list", key: "Mod-Shift-8", run: commands.bulleted, pressed: inList(nodes.bullet_list), apart: true,
    path: "M8 5h9M8 10h9M8 15h9M3.4 5h.2M3.4 10h.2M3.4 15h.2",
  },
  {
    name: "Numbered list", key: "Mod-Shift-7", run: commands.numbered, pressed: inList(nodes.ordered_list),
    path: "M9 5h8M9 10h8M9 15h8M3 4l1.5-1v4.5M2.8 12.4c.3-1.2 2.5-1.2 2.5.2 0 1-1 1.600-2.500 3.400h2.700",
  },
  { name: "Nest deeper", key: "Mod-]", run: commands.nest, path: "M3 4h14M10 8h7M10 12h7M3 16h14M3 8l3 2-3 2" },
  { name: "Nest less", key: "Mod-[", run: commands.out, path: "M3 4h14M10 8h7M10 12h7M3 16h14M6 8l-3 2 3 2" },
  {
    name: "Quote", key: "Mod-Shift-9", run: commands.quote,
    pressed: (state) => commands.isWithin(state, nodes.blockquote),
    path: "M4 4v12M8 6h8M8 10h8M8 14h5",
  },
  { name: "Undo", key: "Mod-z", run: undo, apart: true, path: "M7.5 4L4 7.5 7.5 11M4 7.5h7.5a4.5 4.5 0 010 9H8" },
  { name: "Redo", key: "Mod-y", run: redo, path: "M12.5 4L16 7.5 12.500 11M16 7.5H8.500a4.500 4.500 0 000 9H12" },
];

export class Toolbar {
  /** view: a function that gives the editor; own: commands of other parts, by name. */
  constructor(view, textId, own) {
    this.view = view;
    this.buttons = BUTTONS.map((about) => ({ ...about, run: own[about.run] ?? about.run }));
    this.elements = this.buttons.map((about) => this.button(about));
    this.element = made(
      "div",
      {
        role: "toolbar", class: "rich-text-toolbar", "aria-label": "Formatting", "aria-controls": textId,
        onkeydown: (event) => this.move(event),
        // The text keeps its selection while a button is pressed.
        onmousedown: (event) => event.preventDefault(),
      },
      ...this.elements,
    );
    this.elements[0].tabIndex = 0;
  }

  focus() {
    this.elements.find((element) => element.tabIndex === 0).focus();
  }

  /** What can be done and what is on, as the selection has it. */
  show(state, editable) {
    this.buttons.forEach(({ run, pressed }, index) => {
      const element = this.elements[index];
      // Not `disabled`: the keyboard would be lost with the button it stands on.
      element.setAttribute("aria-disabled", String(!editable || !run(state)));
      if (pressed) element.setAttribute("aria-pressed", String(pressed(state)));
    });
  }

  button({ name, key, path, run, apart }) {
    const words = `${name} (${spoken(key)})`;
    return made(
      "button",
      {
        type: "button", tabindex: "-1", title: words, class: `rich-text-button${apart ? " apart" : ""}`,
        "aria-label": name, "aria-keyshortcuts": declared(key),
        onclick: ({ currentTarget, detail }) => this.press(run, currentTarget, detail > 0),
      },
      icon(path),
    );
  }

  /** byMouse: the writing goes on in the text; by keyboard, the focus stays where it is. */
  press(run, element, byMouse) {
    const view = this.view();
    if (element.getAttribute("aria-disabled") === "true") return;
    if (byMouse) view.focus();
    run(view.state, view.dispatch, view);
  }

  move(event) {
    const at = this.elements.indexOf(event.target);
    const last = this.elements.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at ? at - 1 : last, Home: 0, End: last }[event.key];
    if (event.key === "Escape") {
      this.view().focus();
    } else if (to === undefined) {
      return;
    } else {
      for (const element of this.elements) element.tabIndex = -1;
      this.elements[to].tabIndex = 0;
      this.elements[to].focus();
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
