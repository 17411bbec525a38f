// Buttons that put a merge field, such as {{first_name}}, into a text where the cursor is.

/** On a form with [data-insert] buttons. */
export function start(frame) {
  for (const button of frame.querySelectorAll("[data-insert]")) button.hidden = false;
  const press = ({ target }) => {
    const button = target.closest("[data-insert]");
    if (button) insert(document.getElementById(button.dataset.into), button.dataset.insert);
  };
  frame.addEventListener("click", press);
  return () => frame.removeEventListener("click", press);
}

function insert(textarea, written) {
  if (textarea.editor) {
    const { view } = textarea.editor;
    view.dispatch(view.state.tr.insertText(written).scrollIntoView());
    textarea.editor.focus();
    return;
  }
  textarea.setRangeText(written, textarea.selectionStart, textarea.selectionEnd, "end");
  textarea.dispatchEvent(new Event("input", { bubbles: true }));
  textarea.focus();
}
