// Rows of a form that come and go (links, helplines), and chips of which one excludes the others.

/** On a form with [data-links] lists and [data-reader] chips. */
export function begin(form) {
  for (const list of form.querySelectorAll("[data-links]")) {
    for (const row of list.querySelectorAll(".spare")) row.hidden = true;
    for (const button of form.querySelectorAll("[data-remove-link]")) button.hidden = false;
    const adder = list.parentElement.querySelector("[data-add-link]");
    if (adder) adder.hidden = false;
  }
  form.addEventListener("click", ({ target }) => {
    const adder = target.closest("[data-add-link]");
    const remover = target.closest("[data-remove-link]");
    if (adder) addRow(adder.parentElement.querySelector("[data-links]")).querySelector("input").focus();
    if (remover) removeRow(remover.closest("li"));
  });
  form.addEventListener("change", ({ target }) => {
    if (target.matches("[data-reader]") && target.checked) exclude(form, target);
  });
}

/** One more row at the end of a list, empty and in sight. */
export function addRow(list) {
  const hidden = [...list.children].find((row) => row.hidden);
  if (hidden) {
    hidden.hidden = false;
    list.append(hidden);
    return hidden;
  }
  const row = list.lastElementChild.cloneNode(true);
  const number = list.children.length + 1;
  for (const field of row.querySelectorAll("input")) {
    const fresh = `${field.id}-${number}`;
    row.querySelector(`label[for="${CSS.escape(field.id)}"]`)?.setAttribute("for", fresh);
    field.id = fresh;
    field.value = "";
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
  row.classList.remove("wrong", "spare");
  for (const error of row.querySelectorAll(".error")) error.remove();
  list.append(row);
  return row;
}

function removeRow(row) {
  const adder = row.parentElement.parentElement.querySelector("[data-add-link]");
  for (const field of row.querySelectorAll("input")) field.value = "";
  row.hidden = true;
  row.dispatchEvent(new Event("input", { bubbles: true }));
  adder?.focus();
}

/** "Everybody" and single roles exclude one another. */
function exclude(form, chosen) {
  const isAll = chosen.value === "everybody";
  for (const chip of form.querySelectorAll("[data-reader]:checked")) {
    if (chip !== chosen && (isAll || chip.value === "everybody")) chip.checked = false;
  }
}
