// What the toolbar and the keys do; each is a ProseMirror command, true if it can be done.
import { chainCommands, exitCode, lift, toggleMark, wrapIn } from "prosemirror-commands";
import { liftListItem, sinkListItem, wrapInList } from "prosemirror-schema-list";
import { schema } from "./schema.js";

const { nodes, marks } = schema;
const LISTS = [nodes.bullet_list, nodes.ordered_list];
const DEEPEST = 11; // a paragraph's depth; with three marks, the server's most levels (14)

export const bold = toggleMark(marks.strong);
export const italic = toggleMark(marks.em);
export const bulleted = toggleList(nodes.bullet_list);
export const numbered = toggleList(nodes.ordered_list);
export const nest = sinkListItem(nodes.list_item);
export const unnest = liftListItem(nodes.list_item);
/** One level out: of a list, or of a quote. */
export const out = chainCommands(unnest, lift);

/** A quote around the selection, or out of the one that is there. */
export function quote(state, dispatch) {
  return isWithin(state, nodes.blockquote) ? lift(state, dispatch) : wrapIn(nodes.blockquote)(state, dispatch);
}

export const lineBreak = chainCommands(exitCode, (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
});

/** Whether the selection stands in such a node. */
export function isWithin({ selection: { $from } }, type) {
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if ($from.node(depth).type === type) return true;
  }
  return false;
}

/** The list that is nearest around the selection, or undefined. */
export function listAround({ selection: { $from } }) {
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if (LISTS.includes($from.node(depth).type)) return { list: $from.node(depth), at: $from.before(depth) };
  }
  return undefined;
}

export function hasMark({ selection: { empty, $from, from, to }, storedMarks, doc }, mark) {
  if (empty) return Boolean(mark.isInSet(storedMarks ?? $from.marks()));
  return doc.rangeHasMark(from, to, mark);
}

/** Whether a document is nested more deeply than the server understands. */
export function isTooDeep(doc) {
  let deepest = 0;
  doc.descendants((node, position) => {
    if (node.isTextblock) deepest = Math.max(deepest, doc.resolve(position).depth + 1);
  });
  return deepest > DEEPEST;
}

/** Into such a list, out of it, or from the other kind into this one. */
function toggleList(type) {
  return (state, dispatch) => {
    const around = listAround(state);
    if (!around) return wrapInList(type)(state, dispatch);
    if (around.list.type === type) return unnest(state, dispatch);
    const { loose } = around.list.attrs;
    dispatch?.(state.tr.setNodeMarkup(around.at, type, { loose }));
    return true;
  };
}
