// What an element's style says of its text: bold, italic, hidden; and what of it is lost.
import { LOOK } from "./renaming.js";

const BOLD = new Set(["B", "STRONG"]);
const ITALIC = new Set(["I", "EM", "CITE", "DFN"]);
const HIDDEN_CLASS = /(?:^|[\s_-])(?:visually-?hidden|sr-only|screen-reader(?:-text)?|MsoCommentReference)(?:$|\s)/i;
const LOST_ELEMENTS = new Set(["U", "S", "STRIKE", "DEL", "INS", "SUB", "SUP", "FONT", "MARK", "CENTER", "SMALL", "BIG"]);
const LOST = new Set([
  "color", "background", "background-color", "font-family", "font-size", "text-align", "text-transform",
  "text-decoration", "text-decoration-line", "letter-spacing", "border", "text-shadow", "font-variant",
]);
const NOTHING = /^(?:none|normal|inherit|initial|auto|start|left|transparent|windowtext|0\w*|)$/;

/** The declarations of an element's (renamed) style: a map of property -> value. */
export function declarations(element) {
  const found = new Map();
  for (const one of (element.getAttribute(LOOK) ?? "").split(";")) {
    const colon = one.indexOf(":");
    if (colon > 0) found.set(one.slice(0, colon).trim().toLowerCase(), one.slice(colon + 1).trim().toLowerCase());
  }
  return found;
}

export function isHidden(element, style) {
  if (element.hasAttribute("hidden") || HIDDEN_CLASS.test(element.className)) return true;
  return (
    style.get("display") === "none" ||
    style.get("visibility") === "hidden" ||
    style.get("mso-hide") === "all" ||
    /^mso-element:comment|;\s*mso-element:comment/i.test(element.getAttribute(LOOK) ?? "") ||
    /^0(?:\.0+)?(?:[a-z%]*)$/.test(style.get("font-size") ?? "") ||
    /^0(?:\.0+)?%?$/.test(style.get("opacity") ?? "") ||
    isClipped(style)
  );
}

/** look: that around the element: bold, italic, heading. */
export function lookOf(element, style, look) {
  const weight = style.get("font-weight");
  const slant = style.get("font-style");
  return {
    ...look,
    bold: weight ? isBold(weight, look.bold) : look.bold || BOLD.has(element.tagName),
    italic: slant ? /italic|oblique/.test(slant) : look.italic || ITALIC.has(element.tagName),
  };
}

/** The names of what an element looks like and a bulletin does not keep. */
export function lostStyles(element, style) {
  const lost = LOST_ELEMENTS.has(element.tagName) ? [element.tagName] : [];
  for (const [property, value] of style) {
    if (LOST.has(property) && !NOTHING.test(value)) lost.push(property.replace(/^background$/, "background-color").replace(/-line$/, ""));
  }
  return lost;
}

function isBold(weight, around) {
  if (/^\d+$/.test(weight)) return Number(weight) >= 600;
  return weight === "inherit" ? around : weight.startsWith("bold");
}

function isClipped(style) {
  const isNothing = (property) => /^[01](?:px|pt)?$/.test(style.get(property) ?? "");
  if (/^(?:hidden|clip)/.test(style.get("overflow") ?? "")) {
    return isNothing("max-height") || isNothing("height") || isNothing("max-width") || isNothing("width");
  }
  const place = style.get("position");
  const away = /^-\d{3,}/.test(style.get("left") ?? "") || /^-\d{3,}/.test(style.get("top") ?? "");
  return (place === "absolute" || place === "fixed") && (away || style.has("clip") || style.has("clip-path"));
}
