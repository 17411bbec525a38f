// <details class="menu">: Esc and a click elsewhere close it, and Esc gives the focus back.

/** On a menu. */
export function start(menu) {
  const escape = (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
    event.stopPropagation();
  };
  const leave = ({ relatedTarget }) => {
    if (relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
  };
  const elsewhere = ({ target }) => {
    if (!menu.contains(target)) menu.open = false;
  };
  menu.addEventListener("keydown", escape);
  menu.addEventListener("focusout", leave);
  document.addEventListener("pointerdown", elsewhere);
  return () => document.removeEventListener("pointerdown", elsewhere);
}
