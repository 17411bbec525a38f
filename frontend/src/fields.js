// What stands in the fields of a form, as pairs of name and value, and back into them.

const OURS = new Set(["csrf", "stamp", "issue", "boxes", "clashing", "ends_approval"]); // nobody typed these

/** What somebody typed or ticked, in the order of the form. */
export function typedIn(form) {
  return [...new FormData(form)].filter(([name]) => !OURS.has(name) && !name.startsWith("choice-"));
}

/** Put what was typed back. Rows that are missing are made by addRow(list). */
export function fill(form, pairs, addRow) {
  const values = new Map();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  for (const list of form.querySelectorAll("[data-links]")) {
    const first = list.querySelector("input");
    while (first && form.querySelectorAll(`[name="${first.name}"]`).length < (values.get(first.name) ?? []).length) {
      addRow(list);
    }
  }
  const names = new Set([...form.elements].map((one) => one.name).filter((name) => name && !OURS.has(name)));
  for (const name of names) {
    const wanted = values.get(name) ?? [];
    [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)].forEach((field, place) => put(field, wanted, place));
  }
}

function put(field, wanted, place) {
  if (field.type === "checkbox" || field.type === "radio") field.checked = wanted.includes(field.value);
  else if (place < wanted.length && field.value !== wanted[place]) {
    if (field.editor) field.editor.replace(wanted[place]);
    field.value = wanted[place];
    field.closest(".link-row")?.removeAttribute("hidden");
  }
}
