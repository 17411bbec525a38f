// Markdown, as bodies are stored, becomes the document that the editor shows. The rules are those
// of the server's renderer (rendering/markdown.py).
import { fromMarkdown } from "mdast-util-from-markdown";
import { addressProblem } from "./addresses.js";
import { schema } from "./schema.js";

const { nodes, marks } = schema;
// What the server takes for text: code, HTML, images, rules, definitions.
const TEXT_ONLY = [
  "codeIndented", "codeFenced", "codeText", "htmlFlow", "htmlText",
  "labelStartImage", "definition", "thematicBreak",
];
const MOST_LEVELS = 14; // as the server's: beyond it, Markdown is taken literally
const UNWANTED = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]/g;
const HALVES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const LINE_ENDS = /\r\n?|[\u2028\u2029]/g;

/** The document that a Markdown text stands for. */
export function toDocument(markdown) {
  const source = tidy(markdown);
  const tree = fromMarkdown(source, { extensions: [{ disable: { null: TEXT_ONLY } }] });
  const blocks = levels(tree) > MOST_LEVELS ? literally(source) : new Reader(source).blocks(tree);
  return nodes.doc.create(null, filled(blocks));
}

/** A text without control characters and halves of characters; line ends become LF. */
export function tidy(text) {
  return text.replace(LINE_ENDS, "\n").replace(UNWANTED, "").replace(HALVES, "");
}

class Reader {
  constructor(source) {
    this.source = source;
  }

  blocks(parent) {
    return parent.children.map((block) => this.block(block));
  }

  block(block) {
    switch (block.type) {
      case "blockquote":
        return nodes.blockquote.create(null, filled(this.blocks(block)));
      case "list":
        return this.list(block);
      case "heading": // headings would clash with those around a body; the server does the same
        return nodes.paragraph.create(null, this.inline(block, [marks.strong.create()]));
      default:
        return nodes.paragraph.create(null, this.inline(block, []));
    }
  }

  list(list) {
    const loose = Boolean(list.spread) || list.children.some((item) => item.spread);
    const items = list.children.map((item) => {
      const blocks = this.blocks(item);
      const begun = blocks[0]?.type === nodes.paragraph ? blocks : [nodes.paragraph.create(), ...blocks];
      return nodes.list_item.create(null, begun);
    });
    return list.ordered
      ? nodes.ordered_list.create({ start: list.start ?? 1, loose }, items)
      : nodes.bullet_list.create({ loose }, items);
  }

  inline(parent, around) {
    return parent.children.flatMap((piece) => this.piece(piece, around));
  }

  piece(piece, around) {
    switch (piece.type) {
      case "strong":
        return this.inline(piece, marks.strong.create().addToSet(around));
      case "emphasis":
        return this.inline(piece, marks.em.create().addToSet(around));
      case "link":
        return this.link(piece, around);
      case "break":
        return [nodes.hard_break.create()];
      default:
        return text(piece.value ?? this.between(piece.position.start, piece.position.end), around);
    }
  }

  /** What leads nowhere good stays the text that it was, as on the server. */
  link(link, around) {
    if (!addressProblem(link.url)) {
      return this.inline(link, marks.link.create({ href: link.url }).addToSet(around));
    }
    const { start, end } = link.position;
    const [first, last] = [link.children.at(0), link.children.at(-1)];
    if (!first) return text(this.between(start, end), around);
    return [
      ...text(this.between(start, first.position.start), around),
      ...this.inline(link, around),
      ...text(this.between(last.position.end, end), around),
    ];
  }

  between(start, end) {
    return this.source.slice(start.offset, end.offset);
  }
}

function text(value, around) {
  const words = value.replace(/[ \t]*\n[ \t]*/g, " ");
  return words ? [schema.text(words, around)] : [];
}

function literally(source) {
  const paragraphs = source.split(/\n[ \t]*\n\s*/).filter((one) => one.trim());
  return paragraphs.map((one) => nodes.paragraph.create(null, text(one.trim(), [])));
}

function filled(blocks) {
  return blocks.length ? blocks : [nodes.paragraph.create()];
}

function levels(node) {
  return Math.max(0, ...(node.children ?? []).map((child) => 1 + levels(child)));
}
