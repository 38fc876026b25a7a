// A list of any length: only the rows that can be seen are elements.
import { h } from "/dashboard/dom.js";

const EXTRA = 8; // rows beyond each edge

/**
 * @param columns `{ id, title, width, cell(item), sort?(item) }`
 * @param onSort called with the column and whether it is descending
 */
export function virtualTable(caption, columns, rowHeight, onOpen) {
  let items = [];
  let by = null;
  let down = false;
  const spacer = h("div.spacer");
  const rows = h("div.rows", { role: "rowgroup" });
  const body = h("div.viewport", { tabindex: "0", "aria-label": caption }, spacer, rows);
  const heads = columns.map((column) =>
    h("div.th", { role: "columnheader", "data-column": column.id }, column.sort ? h("button", { type: "button", onclick: () => sortBy(column) }, column.title) : column.title),
  );
  const element = h("div.virtual", { role: "table", "aria-label": caption }, h("div.head", { role: "row" }, heads), body);
  const layout = columns.map(({ width }) => width).join(" ");
  element.style.setProperty("--columns", layout);
  element.style.setProperty("--row", `${rowHeight}px`);
  let drawn = "";

  function sortBy(column) {
    down = by === column ? !down : column.down === true;
    by = column;
    for (const head of heads) head.setAttribute("aria-sort", head.dataset.column === column.id ? (down ? "descending" : "ascending") : "none");
    order();
    draw(true);
  }

  function order() {
    if (!by) return;
    const keys = new Map(items.map((item) => [item, by.sort(item)]));
    const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
    items = [...items].sort((a, b) => compare(keys.get(a), keys.get(b)) * (down ? -1 : 1));
  }

  function draw(force) {
    const first = Math.max(0, Math.floor(body.scrollTop / rowHeight) - EXTRA);
    const last = Math.min(items.length, Math.ceil((body.scrollTop + body.clientHeight) / rowHeight) + EXTRA);
    const now = `${first} ${last}`;
    if (now === drawn && !force) return;
    drawn = now;
    const focused = rows.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    spacer.style.height = `${items.length * rowHeight}px`;
    rows.style.transform = `translateY(${first * rowHeight}px)`;
    rows.replaceChildren(...items.slice(first, last).map((item, i) => h("div.tr", { role: "row", "aria-rowindex": first + i + 2 }, columns.map((column) => h("div.td", { role: "cell", "data-label": column.title }, column.cell(item))))));
    if (focused) rows.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  let frame = 0;
  body.addEventListener("scroll", () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => draw(false));
  });
  const watch = new ResizeObserver(() => draw(true));
  watch.observe(body);
  return {
    element,
    show(next) {
      items = next;
      element.setAttribute("aria-rowcount", items.length + 1);
      order();
      draw(true);
    },
    end: () => watch.disconnect(),
  };
}
