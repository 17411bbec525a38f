// Draws the figures of a table as bars or a line (Charts.css), above the table, which stays for
// whoever wants the numbers or hears them. Rows are named by their first cell, columns by the
// table's head; data-chart on the table says how: "bar", "stacked" or "line".
import { made } from "./editor/elements.js";

const KINDS = {
  bar: "bar show-labels data-spacing-4",
  stacked: "bar multiple stacked show-labels data-spacing-4",
  line: "line multiple show-labels show-primary-axis show-4-secondary-axes",
};

/** figure: holds a <table data-chart>. Drawn again when the table changes. */
export function start(figure) {
  const table = figure.querySelector("table[data-chart]");
  if (!table) return undefined;
  let drawn = drawing(table);
  table.before(drawn);
  const watcher = new MutationObserver(() => {
    const again = drawing(table);
    drawn.replaceWith(again);
    drawn = again;
  });
  watcher.observe(table, { childList: true, subtree: true, characterData: true });
  return () => {
    watcher.disconnect();
    drawn.remove();
  };
}

function drawing(table) {
  const rows = [...table.tBodies[0].rows].map(read);
  const names = [...(table.tHead?.rows[0]?.cells ?? [])].slice(1).map(words);
  const kind = KINDS[table.dataset.chart] ? table.dataset.chart : "bar";
  const most = Math.max(...rows.map(({ values }) => highest(values, kind)), 0) || 1;
  const body = made("tbody", {}, ...rows.map((row, at) => line(row, rows[at - 1], kind, most)));
  // Not for screen readers: the table below says the same.
  const chart = made("table", { class: `charts-css ${KINDS[kind]}`, role: "presentation" }, body);
  const around = made("div", { class: `chart chart-${kind}`, "aria-hidden": "true" }, chart);
  if (names.length > 1) around.append(legend(names));
  return around;
}

/** A row's name and its figures; what is no number counts as none. */
function read(row) {
  const [head, ...cells] = row.cells;
  return { name: words(head), values: cells.map((cell) => Number(words(cell).replace(/[,%\s]/g, "")) || 0), shown: cells.map(words) };
}

function highest(values, kind) {
  return kind === "stacked" ? values.reduce((sum, one) => sum + one, 0) : Math.max(...values, 0);
}

function line({ name, values, shown }, before, kind, most) {
  const cells = values.map((value, at) => {
    const cell = made("td", {}, made("span", { class: "data" }, kind === "stacked" && !value ? "" : shown[at]));
    // Through the object model: the policy forbids style attributes.
    if (kind === "line") cell.style.setProperty("--start", share((before?.values ?? values)[at], most));
    cell.style.setProperty(kind === "line" ? "--end" : "--size", share(value, most));
    return cell;
  });
  return made("tr", {}, made("th", { scope: "row" }, name), ...cells);
}

function legend(names) {
  return made("ul", { class: "charts-css legend legend-inline legend-square" }, ...names.map((name) => made("li", {}, name)));
}

function share(value, most) {
  return String(Math.round((value / most) * 1000) / 1000);
}

function words(cell) {
  return cell?.textContent.trim() ?? "";
}
