// htmx under the desk's content security policy: nothing evaluated, no styles put in, every
// answer of the server shown, errors too.
import htmx from "htmx.org";
import { announce } from "./announce.js";
import { busyWhile } from "./busy.js";
import { focusAfterSwap } from "./focus.js";
import { fetchSignedIn, token } from "./session.js";

const UNREACHED = "Bulletin could not be reached. What is on this page is still here. Try again.";

Object.assign(htmx.config, {
  includeIndicatorCSS: false, // the desk's style sheet has a spinner of its own
  history: "reload", // "back" asks the server, so that no page shows what has long changed
  noSwap: [204, 304],
  mode: "same-origin",
});

// htmx has made a style sheet by the time its configuration can be changed.
document.adoptedStyleSheets = document.adoptedStyleSheets.filter(
  (sheet) => sheet !== htmx.indicatorStyleSheet,
);

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (token()) ctx.request.headers["X-CSRF-Token"] = token();
  ctx.fetch = fetchSignedIn;
});

const over = new WeakMap(); // the context of a request -> what ends its signs of being busy

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (ctx.target instanceof Element) over.set(ctx, busyWhile(ctx.target));
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => over.get(ctx)?.());

document.addEventListener("htmx:after:settle", ({ detail: { task, newContent } }) => {
  focusAfterSwap(newContent, task.target);
});

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (!ctx) return;
  announce(UNREACHED);
  document.dispatchEvent(new CustomEvent("desk:notice", { detail: { text: UNREACHED, tone: "bad" } }));
});
