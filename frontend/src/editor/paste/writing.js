// Lines become plain HTML that the editor's schema knows whole.

/** The HTML of lines: paragraphs, lists within lists, quotes. Nothing but our own tags. */
export function htmlOf(lines) {
  return levelled(lines)
    .reduce(grouped, [])
    .map(({ quote, lines: within }) => (quote ? `<blockquote>${listed(within)}</blockquote>` : listed(within)))
    .join("");
}

/** No line more than one level below the one above it. */
function levelled(lines) {
  let above = 0;
  return lines.map((line) => {
    const depth = Math.min(line.place?.depth ?? 0, above + (line.isItem ? 1 : 0));
    above = depth;
    return { ...line, depth };
  });
}

function grouped(groups, line) {
  const last = groups.at(-1);
  if (last && last.quote === line.quote) last.lines.push(line);
  else groups.push({ quote: line.quote, lines: [line] });
  return groups;
}

function listed(lines) {
  let html = "";
  const open = []; // the tags of the lists that are open
  const close = (depth) => {
    while (open.length > depth) html += `</li></${open.pop()}>`;
  };
  for (const line of lines) {
    const tag = line.place?.ordered ? "ol" : "ul";
    close(line.depth);
    if (line.isItem && open.length === line.depth && open.at(-1) !== tag) close(line.depth - 1);
    if (line.isItem && open.length === line.depth) html += "</li><li>";
    while (line.isItem && open.length < line.depth) {
      html += opened(tag, line.place.start);
      open.push(tag);
    }
    html += `<p>${line.pieces.map(written).join("")}</p>`;
  }
  close(0);
  return html;
}

function opened(tag, start) {
  return tag === "ol" && start !== 1 ? `<ol start="${start}"><li>` : `<${tag}><li>`;
}

function written({ text, bold, italic, href }) {
  if (text === "\n") return "<br>";
  let html = escaped(text);
  if (italic) html = `<em>${html}</em>`;
  if (bold) html = `<strong>${html}</strong>`;
  return href ? `<a href="${escaped(href)}">${html}</a>` : html;
}

function escaped(text) {
  const names = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (one) => names[one]);
}
