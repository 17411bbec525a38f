// What a form that saves itself says: how it stands, what is wrong, and what is to choose.
import { announce } from "./announce.js";
import { made } from "./editor/elements.js";
import { focusOn } from "./focus.js";

const ICONS = { ok: "✓", warn: "!", bad: "!" };

/** "Saving", "Saved 14:32": in the form, and above the page if there is a place for it. */
export function say(form, words, tone = "") {
  for (const place of [form.querySelector("[data-state]"), document.getElementById("saved")]) {
    if (!place) continue;
    place.className = `save-state status ${tone}`;
    place.textContent = tone ? `${ICONS[tone]} ${words}` : words;
  }
}

/** A banner with buttons: a list of [words, act]. Any of them takes it away. */
export function offer(form, tone, words, choices = []) {
  const buttons = choices.map(([label, act]) =>
    made("button", { type: "button", class: "button small", onclick: () => (banner.remove(), act()) }, label),
  );
  const banner = made(
    "div",
    { class: `banner ${tone}`, "data-offer": true },
    made("span", { "aria-hidden": "true" }, "!"),
    made("div", {}, made("p", {}, words), ...(buttons.length ? [made("div", { class: "buttons" }, ...buttons)] : [])),
  );
  form.querySelector("[data-offer]")?.remove();
  form.querySelector("[data-messages]").prepend(banner);
  announce(words);
}

/** What clashes, as the server shows it: both texts and a choice. */
export function showPanel(form, markup) {
  form.querySelector("[data-clash]")?.remove();
  const model = document.createElement("template");
  model.innerHTML = markup;
  form.querySelector("[data-messages]").prepend(model.content);
  focusOn(form.querySelector("[data-clash]"));
}

/** Sentences beside the fields that they are about. What was typed stays. */
export function showWrong(form, fields) {
  for (const [name, sentence] of Object.entries(fields)) {
    const field = fieldOf(form, name);
    const frame = field?.closest(".field") ?? form.querySelector("[data-messages]");
    const id = `wrong-${name}-${form.dataset.keep}`;
    const text = made("p", { class: "error", id, "data-wrong": true }, made("span", {}, sentence));
    frame.classList.add("wrong");
    const control = field && frame.querySelector("input, textarea, select");
    if (control && frame.contains(field)) {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-errormessage", id);
    }
    const label = frame.querySelector(":scope > legend, :scope > label");
    if (label) label.after(text);
    else frame.append(text);
  }
  say(form, "Not saved: put right what is marked", "warn");
  announce(Object.values(fields).join(" "));
}

export function clearWrong(form) {
  for (const text of form.querySelectorAll("[data-wrong]")) text.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const frame of form.querySelectorAll(".wrong")) frame.classList.remove("wrong");
}

function fieldOf(form, name) {
  const row = name.match(/^(action|helpline)-(\d+)$/);
  if (row) {
    const first = row[1] === "action" ? "action-label" : "helpline-name";
    const filled = [...form.querySelectorAll(".link-row")].filter((one) =>
      [...one.querySelectorAll("input")].some((input) => input.value.trim()),
    );
    return filled[row[2] - 1]?.querySelector(`[name="${first}"]`);
  }
  const named = { readers: "reader", nations: "nation", actions: "action-label" }[name] ?? name;
  return form.querySelector(`[name="${CSS.escape(named)}"]`);
}
