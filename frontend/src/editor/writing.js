// The editor's document becomes Markdown again: what the server's renderer shows of it is the same.
import { defaultHandlers, toMarkdown as written } from "mdast-util-to-markdown";

const { link } = defaultHandlers;
const OPTIONS = {
  bullet: "-",
  listItemIndent: "one",
  handlers: {
    text: (node, _parent, state, info) => readable(state.safe(node.value, info)),
    link: Object.assign((...given) => readable(link(...given)), { peek: link.peek }),
  },
};

/**
 * Without the backslashes that no rule needs (CommonMark 6.2, 6.5): an underscore within a word,
 * as in {{first_name}}, and an ampersand that begins no entity, as in Q&A.
 */
function readable(markdown) {
  return markdown
    .replace(/(?<=[\p{L}\p{N}])\\_(?=[\p{L}\p{N}])/gu, "_")
    .replace(/(?<!\\)\\&(?!#?\w*(?:;|$))/g, "&");
}

// Nodes never change, so that with each letter only the paragraph it went into is written anew.
const known = new WeakMap();

/** The Markdown of a document; "" if it holds no text. */
export function toMarkdown(document) {
  return neighbours(document.children).map(together).filter(Boolean).join("\n\n");
}

/** Lists of one kind that follow each other are told apart by their marks; all else is by itself. */
function neighbours(nodes) {
  const groups = [];
  for (const node of nodes) {
    const last = groups.at(-1);
    if (last && node.type.name.endsWith("_list") && last[0].type === node.type) last.push(node);
    else groups.push([node]);
  }
  return groups;
}

function together(nodes) {
  const isAlone = nodes.length === 1;
  if (isAlone && known.has(nodes[0])) return known.get(nodes[0]);
  const text = written({ type: "root", children: nodes.flatMap((node) => block(node) ?? []) }, OPTIONS).trimEnd();
  if (isAlone) known.set(nodes[0], text);
  return text;
}

function blocks(parent) {
  return parent.children.flatMap((child) => block(child) ?? []);
}

/** Nothing for what holds nothing: Markdown has no empty paragraphs. */
function block(node) {
  const { name } = node.type;
  if (name === "paragraph") {
    const children = inline(node);
    return children.length ? { type: "paragraph", children } : null;
  }
  const children = name.endsWith("_list") ? node.children.map(item) : blocks(node);
  if (name === "blockquote") return children.length ? { type: "blockquote", children } : null;
  return {
    type: "list",
    ordered: name === "ordered_list",
    start: node.attrs.start,
    spread: node.attrs.loose,
    children: children.map((one) => ({ ...one, spread: node.attrs.loose })),
  };
}

function item(node) {
  return { type: "listItem", children: blocks(node) };
}

// Inline content: one flat row of pieces, each with its marks, and then a tree of it.

function inline(paragraph) {
  const pieces = trimmed(paragraph.children.flatMap(split));
  return tree(merged(pieces.map((piece, index) => ({ ...piece, marks: held(pieces, index) }))));
}

/** A text node in words and the space around them; a break is space, too. */
function split(node) {
  if (node.isText) {
    const text = node.text.replace(/[ \t\n\r]+/g, " ");
    return text.match(/\s+|\S+(?:\s+\S+)*/g).map((value) => ({ value, marks: node.marks }));
  }
  return [{ value: "\n", marks: node.marks }];
}

function trimmed(pieces) {
  const isEdge = ({ value }) => value === " " || value === "\n";
  let [from, to] = [0, pieces.length];
  while (from < to && isEdge(pieces[from])) from += 1;
  while (to > from && isEdge(pieces[to - 1])) to -= 1;
  const kept = pieces.slice(from, to);
  return kept.filter(
    ({ value }, at) => value !== " " || (kept[at - 1].value !== "\n" && kept[at + 1].value !== "\n"),
  );
}

/** Space between two pieces has only the marks that both have: "**bold** text", not "**bold **". */
function held(pieces, index) {
  const { value, marks } = pieces[index];
  if (/\S/.test(value)) return marks;
  const isWord = (piece) => /\S/.test(piece.value);
  const before = pieces.slice(0, index).findLast(isWord)?.marks ?? [];
  const after = pieces.slice(index + 1).find(isWord)?.marks ?? [];
  return before.filter((mark) => mark.isInSet(after));
}

function merged(pieces) {
  const row = [];
  for (const piece of pieces) {
    const last = row.at(-1);
    const goesOn = last && last.value !== "\n" && piece.value !== "\n" && sameMarks(last, piece);
    if (goesOn) last.value += piece.value;
    else row.push({ ...piece });
  }
  return row;
}

function sameMarks(one, other) {
  return one.marks.length === other.marks.length && one.marks.every((mark) => mark.isInSet(other.marks));
}

function tree(row) {
  const children = [];
  for (let at = 0; at < row.length; ) {
    const { mark, reach } = outermost(row, at);
    const inner = row.slice(at, at + reach);
    if (mark) children.push(wrapped(mark, inner.map((piece) => without(piece, mark))));
    else children.push(leaf(inner[0]));
    at += reach;
  }
  return children;
}

/** The mark to put around what begins here: a link, so that it stays one; else what goes furthest. */
function outermost(row, at) {
  const links = row[at].marks.filter((mark) => mark.type.name === "link");
  let best = { mark: null, reach: 1 };
  for (const mark of links.length ? links : row[at].marks) {
    let end = at + 1;
    while (end < row.length && mark.isInSet(row[end].marks)) end += 1;
    if (!best.mark || end - at > best.reach) best = { mark, reach: end - at };
  }
  return best;
}

function without(piece, mark) {
  return { ...piece, marks: mark.removeFromSet(piece.marks) };
}

function wrapped(mark, row) {
  const children = tree(row);
  if (mark.type.name === "link") return { type: "link", url: mark.attrs.href, children };
  return { type: mark.type.name === "strong" ? "strong" : "emphasis", children };
}

function leaf({ value }) {
  return value === "\n" ? { type: "break" } : { type: "text", value };
}
