// Notices: read out when they come, closed by a button, never by a clock.
import { announce } from "./announce.js";

/** On a notice, whether it came with the page or later. */
export function start(notice) {
  const close = notice.querySelector("[data-close]");
  const away = () => {
    const hadFocus = notice.contains(document.activeElement);
    notice.remove();
    if (hadFocus) document.getElementById("main")?.focus({ preventScroll: true });
  };
  announce(notice.querySelector("p").textContent);
  if (!close) return undefined;
  close.hidden = false;
  close.addEventListener("click", away);
  return () => close.removeEventListener("click", away);
}

/** Show a notice that the script itself has to give. tone: "ok" or "bad". */
export function show({ text, tone = "ok" }) {
  const model = document.getElementById("notice-model");
  const place = document.getElementById("notices");
  if (!model || !place) return announce(text);
  const notice = model.content.firstElementChild.cloneNode(true);
  notice.classList.toggle("bad", tone === "bad");
  notice.querySelector("p").textContent = text;
  place.replaceChildren(notice);
}

document.addEventListener("desk:notice", ({ detail }) => show(detail));
