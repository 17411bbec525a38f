// Whatever another program or page puts on the clipboard becomes what a bulletin can hold.
import { addressProblem, withoutTrackers } from "../addresses.js";
import { Lines } from "./lines.js";
import { goesOn, isMarker, itemPlace, listPlace, wordPlace } from "./lists.js";
import { declarations, isHidden, lookOf, lostStyles } from "./looks.js";
import { renamed } from "./renaming.js";
import { htmlOf } from "./writing.js";

const LEFT_OUT = new Set([
  "SCRIPT", "STYLE", "HEAD", "TEMPLATE", "NOSCRIPT", "IFRAME", "OBJECT", "EMBED", "SVG", "MATH", "CANVAS",
  "AUDIO", "VIDEO", "MAP", "SELECT", "INPUT", "BUTTON", "TEXTAREA", "METER", "PROGRESS", "DIALOG",
]);
const ALONE = new Set([
  "P", "DIV", "SECTION", "ARTICLE", "HEADER", "FOOTER", "MAIN", "NAV", "ASIDE", "ADDRESS", "UL", "OL", "LI", "DL",
  "DT", "DD", "BLOCKQUOTE", "PRE", "TABLE", "CAPTION", "TR", "TD", "TH", "FIGURE", "FIGCAPTION", "FORM", "FIELDSET",
  "LEGEND", "DETAILS", "SUMMARY", "HR", "CENTER", "H1", "H2", "H3", "H4", "H5", "H6",
]);
const HEADING = /^H[1-6]$/;
const QUOTE_CLASS = /\bMso(?:Intense)?Quote\b/;
const QUOTE_STYLE = /\bquote\b/i;
const PLAIN = { bold: false, italic: false, heading: false, href: "" };

/**
 * Clean HTML of a paste, how many lines it has, and what was taken out of it: counts of images,
 * styles and hidden texts.
 * What comes in is hostile: nothing of it is put into the page, and time is linear in its size.
 */
export function cleaned(html) {
  const parsed = new DOMParser().parseFromString(renamed(html), "text/html");
  const cleaner = new Cleaner();
  cleaner.children(parsed.body, PLAIN, { list: null, quote: false });
  cleaner.lines.end(null, false);
  const removed = { images: cleaner.images, styles: cleaner.styles.size, hidden: cleaner.hidden };
  const { lines } = cleaner.lines;
  return { lines: lines.length, html: htmlOf(lines), removed };
}

class Cleaner {
  constructor() {
    this.lines = new Lines();
    this.images = 0;
    this.hidden = 0;
    this.styles = new Set();
  }

  /** look: of the text around; place: the list and the quote that are open around. */
  children(parent, look, place) {
    for (const node of parent.childNodes) this.node(node, look, place);
  }

  node(node, look, place) {
    if (node.nodeType === Node.TEXT_NODE) this.lines.add(node.data, look);
    else if (node.nodeType === Node.ELEMENT_NODE) this.element(node, look, place);
  }

  element(element, look, place) {
    const tag = element.tagName.toUpperCase();
    if (tag === "IMG") this.images += 1;
    if (tag === "BR") this.lines.breakLine();
    if (LEFT_OUT.has(tag) || tag === "IMG" || tag === "BR") return;
    const style = declarations(element);
    if (isMarker(style)) return;
    if (isHidden(element, style)) {
      this.images += element.querySelectorAll("img").length;
      if (element.textContent.trim()) this.hidden += 1;
      return;
    }
    for (const lost of lostStyles(element, style)) this.styles.add(lost);
    const inner = this.lookWithin(element, style, look);
    if (QUOTE_STYLE.test(element.getAttribute("data-ccp-parastyle") ?? "")) this.lines.quote = true;
    if (ALONE.has(tag)) this.alone(element, style, inner, place);
    else this.children(element, inner, place);
  }

  lookWithin(element, style, look) {
    const inner = lookOf(element, style, look);
    if (HEADING.test(element.tagName) || element.getAttribute("role") === "heading") inner.heading = true;
    if (element.tagName === "A") inner.href = target(element) || look.href;
    return inner;
  }

  alone(element, style, look, place) {
    this.end(place);
    const inner = this.placeWithin(element, style, place);
    if (element.tagName === "TR" && isRow(element)) this.row(element, look, inner);
    else if (element.tagName === "PRE") this.preformatted(element, look, inner);
    else this.children(element, look, inner);
    this.end(inner);
    this.lines.item = null; // an item without a line of its own is none
  }

  end({ list, quote }) {
    this.lines.end(list, quote);
  }

  placeWithin(element, style, place) {
    const quote = place.quote || element.tagName === "BLOCKQUOTE" || QUOTE_CLASS.test(element.className);
    if (element.tagName === "UL" || element.tagName === "OL") return { list: listPlace(element, place.list), quote };
    const list = this.listWithin(element, style, place.list);
    if (list !== place.list) this.lines.item = list;
    if (list === place.list && !list && goesOn(element)) return { list: this.lines.last?.place ?? null, quote };
    return { list, quote };
  }

  /** The place of a line that begins an item here; else the list that is open around. */
  listWithin(element, style, around) {
    if (element.tagName === "LI") return itemPlace(element, style, around ?? { depth: 1, ordered: false, start: 1 });
    return wordPlace(element, style) ?? around;
  }

  /** A row of a table becomes a line: "Role - Deadline". */
  row(element, look, place) {
    const cells = [...element.cells].filter((cell) => cell.textContent.trim());
    cells.forEach((cell, index) => {
      if (index) this.lines.add(" - ", PLAIN);
      const style = declarations(cell);
      if (isHidden(cell, style)) return;
      for (const lost of lostStyles(cell, style)) this.styles.add(lost);
      this.inline(cell, this.lookWithin(cell, style, look), place);
    });
  }

  /** What is in a cell, without ending the line. */
  inline(parent, look, place) {
    for (const node of parent.childNodes) {
      if (node.nodeType === Node.ELEMENT_NODE && ALONE.has(node.tagName)) {
        this.lines.add(" ", look);
        this.inline(node, this.lookWithin(node, declarations(node), look), place);
      } else if (node.nodeName === "BR") {
        this.lines.add(" ", look);
      } else {
        this.node(node, look, place);
      }
    }
  }

  preformatted(element, look, place) {
    element.textContent.split("\n").forEach((line, index) => {
      if (index) this.lines.breakLine();
      this.lines.add(line, look);
    });
    this.end(place);
  }
}

function target(element) {
  const address = withoutTrackers((element.getAttribute("href") ?? "").trim());
  return addressProblem(address) ? "" : address;
}

/** Whether a row holds data, a line in each cell; tables that only lay out a page have more. */
function isRow(element) {
  if (element.querySelector("table")) return false;
  const cells = [...element.cells].filter((cell) => cell.textContent.trim());
  const isShort = (cell) => !cell.querySelector("ul, ol, h1, h2, h3, p ~ p, div ~ div");
  return cells.length > 1 && cells.every(isShort);
}
