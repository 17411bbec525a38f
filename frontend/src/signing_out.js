// Nothing that somebody typed stays on a computer that others use, once they have signed out of it.
// What is not saved yet would be lost: that is said before.
import { forgetAllOf, isAnyOf } from "./keeping.js";
import { askNoMore } from "./leaving.js";

const PATIENCE = 1_500; // ms that what was typed last has to be saved in
const LOOK_AGAIN = 100;

/** On the form to sign out, with data-user; its dialog is #not-saved. */
export function start(form) {
  const dialog = document.getElementById("not-saved");
  const leave = async (event) => {
    if (form.dataset.sure || !isAnyOf(form.dataset.user)) return;
    event.preventDefault();
    if (await saved(form.dataset.user)) form.requestSubmit();
    else dialog.showModal();
  };
  const sure = ({ target }) => {
    if (!target.closest("[data-sure]")) return;
    forgetAllOf(form.dataset.user);
    askNoMore();
    form.dataset.sure = "yes";
    form.requestSubmit();
  };
  form.addEventListener("submit", leave);
  dialog.addEventListener("click", sure);
  return () => {
    form.removeEventListener("submit", leave);
    dialog.removeEventListener("click", sure);
  };
}

/** Whether all of it is saved before long. */
async function saved(user) {
  for (let waited = 0; waited < PATIENCE && isAnyOf(user); waited += LOOK_AGAIN) {
    await new Promise((done) => setTimeout(done, LOOK_AGAIN));
  }
  return !isAnyOf(user);
}
