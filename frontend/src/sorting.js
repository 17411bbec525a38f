// Items and topics dragged by the mouse. Narrow pages have buttons alone (WCAG 2.5.7 wants those anyway).
import Sortable from "sortablejs";

const NARROW = matchMedia("(max-width: 39.99em)");

/** Let rows of the contents be dragged. send(form) sends what came of it. Returns what ends it. */
export function begin(contents, send) {
  const drop = contents.querySelector("#drop");
  if (!drop || NARROW.matches) return () => {};
  for (const handle of contents.querySelectorAll("[data-handle]")) handle.hidden = false;
  const options = { animation: 120, forceFallback: true, handle: "[data-handle]", ghostClass: "ghost", dragClass: "dragged" };
  const lists = [...contents.querySelectorAll("[data-list]")].map((list) =>
    Sortable.create(list, {
      ...options,
      group: "items",
      draggable: ".compose-row",
      onEnd: ({ item, to, from, oldDraggableIndex, newDraggableIndex }) => {
        if (to === from && oldDraggableIndex === newDraggableIndex) return;
        sent(drop, { item: item.dataset.item, topic: to.dataset.list, place: newDraggableIndex + 1 }, send);
      },
    }),
  );
  const sections = contents.querySelector("[data-sections]");
  const topics = Sortable.create(sections, {
    ...options,
    handle: ".topic-name [data-handle]",
    draggable: ".section",
    onEnd: ({ item, oldDraggableIndex, newDraggableIndex }) => {
      if (oldDraggableIndex === newDraggableIndex) return;
      const form = contents.querySelector("#drop-topic");
      sent(form, { topic: item.dataset.topic, place: newDraggableIndex + 1 }, send);
    },
  });
  return () => [...lists, topics].forEach((one) => one.destroy());
}

function sent(form, values, send) {
  for (const [name, value] of Object.entries(values)) form.querySelector(`[name=${name}]`).value = value;
  send(form);
}
