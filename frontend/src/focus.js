// Where the keyboard is after a part of the page was exchanged.

const FIRST = ["[data-focus]", ".error-summary"];

/** Focus an element that is no control itself (a heading, a summary), and bring it into view. */
export function focusOn(element) {
  const isControl = element.matches("a[href], button, input, select, textarea, summary, [tabindex]");
  if (!isControl) element.tabIndex = -1;
  element.focus({ preventScroll: false });
}

/** After a swap: to what asks for it, an error summary, or the heading of a new page. */
export function focusAfterSwap(nodes, target) {
  const elements = nodes.filter((node) => node.nodeType === Node.ELEMENT_NODE && node.isConnected);
  const found = FIRST.flatMap((selector) => within(elements, selector))[0] ?? heading(elements, target);
  if (found) focusOn(found);
}

function heading(elements, target) {
  const isPage = target instanceof Element && target.matches("main, body");
  const lostFocus = !document.activeElement || document.activeElement === document.body;
  return isPage || lostFocus ? within(elements, "h1")[0] : undefined;
}

function within(elements, selector) {
  return elements.flatMap((element) => [
    ...(element.matches(selector) ? [element] : []),
    ...element.querySelectorAll(selector),
  ]);
}
