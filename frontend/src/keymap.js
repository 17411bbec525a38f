// The keyboard map in a dialog over the page, instead of a page of its own: what works here stands
// first, the rest of the map stays one step away.
import { fetchSignedIn } from "./session.js";

/** On a link to the map. */
export function start(link) {
  link.dataset.key = "keys";
  const open = async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const dialog = document.getElementById("keymap") ?? (await made(link.href));
    if (!dialog) return location.assign(link.href);
    keepWhatWorks(dialog);
    if (!dialog.open) dialog.showModal();
  };
  link.addEventListener("click", open);
  return () => link.removeEventListener("click", open);
}

async function made(address) {
  const answer = await fetchSignedIn(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return null;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  document.body.append(holder.content);
  return document.getElementById("keymap");
}

// A row with data-needs is about a button of that name, or about something else by its selector.
function keepWhatWorks(dialog) {
  for (const row of dialog.querySelectorAll("[data-needs]")) {
    row.hidden = !document.querySelector(row.dataset.needs);
  }
  for (const part of dialog.querySelectorAll("[data-keys-part]")) {
    part.hidden = [...part.querySelectorAll("dl > div")].every((row) => row.hidden);
  }
}
