// The lines of a paste: paragraphs and items of lists, with what is bold, italic or a link.

const SPACE = /^[ \u00a0]+$/;

/** Collects pieces of text into lines; a line ends where an element begins or ends that stands alone. */
export class Lines {
  constructor() {
    this.lines = [];
    this.pieces = [];
    this.quote = false;
    this.item = null; // the place of an <li> whose first line has not come yet
  }

  /** look: bold, italic, href. */
  add(text, look) {
    const words = text.replace(/[\u200b\ufeff\u00ad]/g, "").replace(/[ \t\n\r\f]+/g, " ").replace(/[ \u00a0]{2,}/g, " ");
    if (words) this.pieces.push({ text: words, bold: look.bold || look.heading, italic: look.italic, href: look.href });
  }

  breakLine() {
    this.pieces.push({ text: "\n" });
  }

  /** End the line that is open. place: in a list, or null; quote: whether it is quoted. */
  end(place, quote) {
    const parts = paragraphs(this.pieces);
    for (const pieces of parts) {
      const item = place && (this.item ?? null);
      this.lines.push({ pieces, place: item ?? place, isItem: Boolean(item), quote: quote || this.quote });
      if (item) this.item = null;
    }
    this.pieces = [];
    this.quote = false;
  }

  get last() {
    return this.lines.at(-1);
  }
}

/** Two line breaks in a row are a new paragraph. */
function paragraphs(pieces) {
  const parts = [[]];
  let breaks = 0;
  for (const piece of pieces) {
    if (piece.text === "\n") breaks += 1;
    else if (!SPACE.test(piece.text) && breaks) {
      if (breaks > 1) parts.push([]);
      else if (parts.at(-1).length) parts.at(-1).push({ text: "\n" });
      breaks = 0;
    }
    if (piece.text !== "\n" && !(breaks && SPACE.test(piece.text))) parts.at(-1).push(piece);
  }
  return parts.map(trimmed).filter((part) => part.length);
}

function trimmed(pieces) {
  const kept = pieces.map((piece) => ({ ...piece }));
  while (kept.length && !kept[0].text.replace(/^[ \u00a0\n]+/, "")) kept.shift();
  while (kept.length && !kept.at(-1).text.replace(/[ \u00a0\n]+$/, "")) kept.pop();
  if (kept.length) {
    kept[0].text = kept[0].text.replace(/^[ \u00a0]+/, "");
    kept.at(-1).text = kept.at(-1).text.replace(/[ \u00a0]+$/, "");
  }
  return kept;
}
