// Dialogs open and close by their buttons' command and commandfor, which most browsers do themselves;
// the browser also gives the focus back. What is left: older browsers, and answers that end a dialog.

const COMMANDS = {
  "show-modal": (dialog) => dialog.open || dialog.showModal(),
  close: (dialog) => dialog.close(),
};

if (!("commandForElement" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("button[commandfor]");
    const dialog = button && document.getElementById(button.getAttribute("commandfor"));
    if (dialog) COMMANDS[button.getAttribute("command")]?.(dialog);
  });
}

// A click beside a dialog closes it, as Esc does: only where nothing would be lost.
document.addEventListener("click", ({ target }) => {
  const holdsText = target.querySelector?.("textarea, input:not([type=hidden])");
  if (target instanceof HTMLDialogElement && target.matches(":modal") && !holdsText) target.close();
});

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const dialog = ctx.sourceElement?.closest?.("dialog[open]");
  if (dialog && !dialog.hasAttribute("data-stays") && ctx.response?.status < 400) dialog.close();
});
