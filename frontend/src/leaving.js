// Asks before a page is left with something on it that is not saved yet, and sends no form twice.

const SENDING = 4_000; // ms in which a second press of the same button is taken for the first
const asked = new Set();

/** While this answers true, leaving the page asks first. Returns what takes it away again. */
export function unsavedWhile(isUnsaved) {
  asked.add(isUnsaved);
  return () => asked.delete(isUnsaved);
}

/** Leave the page without asking: somebody has said that it may go. */
export function askNoMore() {
  asked.clear();
}

/** On a form without autosave: what was typed is unsaved until the form is sent. */
export function start(form) {
  let typed = false;
  const change = () => (typed = true);
  const sent = (event) => (typed = event.type === "submit" && event.defaultPrevented && typed);
  form.addEventListener("input", change);
  form.addEventListener("submit", sent);
  const accepted = ({ detail: { ctx } }) => (typed = typed && ctx.response?.status >= 400);
  form.addEventListener("htmx:after:request", accepted);
  return unsavedWhile(() => typed && form.isConnected);
}

addEventListener("beforeunload", (event) => {
  if ([...asked].some((isUnsaved) => isUnsaved())) event.preventDefault();
});

// htmx stops the forms that it sends itself, and has its own way with a second press.
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent && Date.now() - form.dataset.sent < SENDING) event.preventDefault();
  else form.dataset.sent = Date.now();
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
