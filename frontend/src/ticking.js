// A list to tick several things in: one button ticks all of them, and the button that acts says how many.

/** On a form with data-tick-all (a hidden button), [data-tick] boxes and [data-counts] on what acts. */
export function start(form) {
  const all = form.querySelector("[data-tick-all]");
  const acts = form.querySelector("[data-counts]");
  const plain = acts.textContent;
  const boxes = () => [...form.querySelectorAll("[data-tick]:not(:disabled)")];
  const show = () => {
    const ticked = boxes().filter((one) => one.checked).length;
    all.textContent = ticked === boxes().length ? "Tick none" : `Tick all ${boxes().length}`;
    acts.textContent = ticked ? `${acts.dataset.counts} ${ticked} item${ticked === 1 ? "" : "s"}` : plain;
  };
  const tick = () => {
    const some = boxes().some((one) => !one.checked);
    for (const one of boxes()) one.checked = some;
    show();
  };
  all.hidden = boxes().length < 2;
  all.addEventListener("click", tick);
  form.addEventListener("change", show);
  show();
  return () => {
    all.removeEventListener("click", tick);
    form.removeEventListener("change", show);
  };
}
