// A field for files takes what is dropped on it. The button beside it does the same.

/** On the frame around <input type="file">. */
export function start(frame) {
  const input = frame.querySelector("input[type=file]");
  frame.querySelector("[data-drop-words]")?.removeAttribute("hidden");
  const over = (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    frame.classList.add("is-over");
  };
  const out = () => frame.classList.remove("is-over");
  const drop = (event) => {
    out();
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  };
  frame.addEventListener("dragover", over);
  frame.addEventListener("dragleave", out);
  frame.addEventListener("drop", drop);
}
