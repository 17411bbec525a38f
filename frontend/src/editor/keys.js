// The editor's keys. Tab stays the browser's, so that nobody is trapped (WCAG 2.1.2).
import { baseKeymap } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import { inputRules, undoInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { splitListItem } from "prosemirror-schema-list";
import * as commands from "./commands.js";
import { schema } from "./schema.js";

const { nodes } = schema;
const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform);

/** How a key is called here: "Mod-Shift-8" is "Ctrl+Shift+8", or "⌘⇧8" on a Mac. */
export function spoken(key) {
  return IS_MAC
    ? key.replace("Mod-", "⌘").replace("Shift-", "⇧").replace("Alt-", "⌥").toUpperCase()
    : key.replace("Mod-", "Ctrl+").replace("Shift-", "Shift+").replace("Alt-", "Alt+").replace(/\w$/, (last) => last.toUpperCase());
}

/** As aria-keyshortcuts has it. */
export function declared(key) {
  return key.replace("Mod-", IS_MAC ? "Meta+" : "Control+").replace("Shift-", "Shift+").replace("Alt-", "Alt+");
}

/** openLink, toToolbar: commands of the parts around the text. */
export function keys({ openLink, toToolbar }) {
  return [
    inputRules({
      rules: [
        wrappingInputRule(/^\s*[-*•]\s$/, nodes.bullet_list),
        wrappingInputRule(/^(\d{1,3})[.)]\s$/, nodes.ordered_list, ([, number]) => ({ start: Number(number) })),
        wrappingInputRule(/^\s*>\s$/, nodes.blockquote),
      ],
    }),
    keymap({
      "Mod-b": commands.bold,
      "Mod-i": commands.italic,
      "Mod-k": openLink,
      "Mod-Shift-7": commands.numbered,
      "Mod-Shift-8": commands.bulleted,
      "Mod-Shift-9": commands.quote,
      "Mod-]": commands.nest,
      "Mod-[": commands.out,
      "Mod-z": undo,
      "Mod-y": redo,
      "Mod-Shift-z": redo,
      Backspace: undoInputRule,
      Enter: splitListItem(nodes.list_item),
      "Shift-Enter": commands.lineBreak,
      "Alt-F10": toToolbar,
    }),
    keymap(baseKeymap),
  ];
}
