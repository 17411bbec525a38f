// Where a line stands in a list, as each program says it: nested elements, a level, Word's marks.

const LEVEL = /\blevel(\d)\b/;
const COUNTED = /^\(?(?:(\d{1,4})|([a-z])|[ivxlc]+|[a-z]{2})[.)]/i;
const DEEPEST = 5; // lists within lists; deeper ones are drawn up to it

/** A place in a list: depth from 1, ordered, start. Word's paragraphs are lists by their style alone. */
export function wordPlace(element, style) {
  const listed = style.get("mso-list") ?? "";
  const level = LEVEL.exec(listed);
  if (!level || !/^(?:P|H[1-6])$/.test(element.tagName)) return null;
  return { depth: bounded(Number(level[1])), ...counted(markerOf(element)) };
}

/** Whether this is the marker that Word writes out before the text of a list's line. */
export function isMarker(style) {
  return style.get("mso-list") === "ignore";
}

/** Whether a paragraph goes on with the line of a list above it. */
export function goesOn(element) {
  return /\bMsoListParagraph/.test(element.className);
}

/** The place of an <li> within the list that is open around it. */
export function itemPlace(element, style, around) {
  const level = element.getAttribute("data-aria-level") ?? element.getAttribute("aria-level");
  const written = Number(LEVEL.exec(style.get("mso-list") ?? "")?.[1] ?? level);
  return { ...around, depth: bounded(written >= 1 ? written : around.depth) };
}

/** The list that an <ul> or <ol> opens within another one. */
export function listPlace(element, around) {
  const ordered = element.tagName === "OL";
  return { depth: bounded((around?.depth ?? 0) + 1), ordered, start: ordered ? Math.max(0, element.start) : 1 };
}

function markerOf(element) {
  const isIgnored = (one) => /mso-list:\s*ignore/i.test(one.getAttribute("data-look"));
  return [...element.querySelectorAll("[data-look]")].find(isIgnored)?.textContent.trim() ?? "";
}

function counted(marker) {
  const found = COUNTED.exec(marker);
  if (!found) return { ordered: false, start: 1 };
  const letter = found[2] && found[2].toLowerCase() !== "i" ? found[2].toLowerCase().charCodeAt(0) - 96 : 1;
  return { ordered: true, start: found[1] ? Number(found[1]) : letter };
}

function bounded(depth) {
  return Math.min(Math.max(depth, 1), DEEPEST);
}
