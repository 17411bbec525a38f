// What makes an element do something: data-behaviour="name" (several, with spaces between).
// Started when the element is on the page, however it came there; stopped when it has gone.

const starters = new Map();
const running = new Map(); // element -> Map of name -> promise of what stops it

/** start(element) may return a function that stops it again. */
export function behaviour(name, start) {
  starters.set(name, start);
}

/** A heavy one, fetched when the first element wants it: load() imports a module with `start`. */
export function lazily(name, load) {
  behaviour(name, async (element) => {
    const { start } = await load();
    return element.isConnected ? start(element) : undefined;
  });
}

/** Start what is on the page, and from now on whatever comes. */
export function begin(root = document.body) {
  startWithin(root);
  const watcher = new MutationObserver((changes) => {
    // What was only moved is connected again by now and goes on undisturbed.
    for (const element of [...running.keys()]) {
      if (!element.isConnected) stop(element);
    }
    for (const { type, target, addedNodes } of changes) {
      if (type === "attributes") restart(target);
      for (const node of addedNodes) {
        if (node.nodeType === Node.ELEMENT_NODE && node.isConnected) startWithin(node);
      }
    }
  });
  watcher.observe(root, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-behaviour"],
  });
}

function startWithin(root) {
  if (root.matches("[data-behaviour]")) start(root);
  for (const element of root.querySelectorAll("[data-behaviour]")) start(element);
}

function restart(element) {
  const wanted = names(element);
  for (const [name, stopping] of running.get(element) ?? []) {
    if (!wanted.includes(name)) end(element, name, stopping);
  }
  start(element);
}

function start(element) {
  for (const name of names(element)) {
    if (!starters.has(name)) continue;
    const going = running.get(element) ?? new Map();
    if (going.has(name)) continue;
    running.set(element, going);
    going.set(name, Promise.resolve(started(name, element)).catch((error) => failed(name, error)));
  }
}

function started(name, element) {
  try {
    return starters.get(name)(element);
  } catch (error) {
    return failed(name, error);
  }
}

function stop(element) {
  for (const [name, stopping] of running.get(element)) end(element, name, stopping);
}

function end(element, name, stopping) {
  const going = running.get(element);
  going.delete(name);
  if (!going.size) running.delete(element);
  stopping.then((stopIt) => stopIt?.());
}

function names(element) {
  return element.dataset.behaviour?.split(/\s+/).filter(Boolean) ?? [];
}

// One broken behaviour leaves the page with what plain HTML does; the others go on.
function failed(name, error) {
  console.error(`The behaviour "${name}" could not start.`, error);
}
