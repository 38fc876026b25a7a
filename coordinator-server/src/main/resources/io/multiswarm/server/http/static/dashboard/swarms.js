// All swarms: searched and filtered by the server, sorted here, shown as far as they can be seen.
import { h, number, ago, badge, swarmLink, setText } from "/dashboard/dom.js";
import { client, has } from "/dashboard/live.js";
import { virtualTable } from "/dashboard/virtual.js";

const PAGE = 1_000;
const MOST = 20_000;
const PRIORITIES = { high: 0, normal: 1, low: 2 };

export default function swarms({ query }) {
  const filters = Object.fromEntries(query);
  const count = h("span.muted", { role: "status" });
  let due = 0;
  let stopped = false;

  const change = (name, value) => {
    if (value) filters[name] = value;
    else delete filters[name];
    history.replaceState(null, "", `#/swarms?${new URLSearchParams(filters)}`);
    due = 0;
    load();
  };
  const select = (name, label, words) =>
    h("label", label, h("select", { onchange: (event) => change(name, event.target.value) }, h("option", { value: "" }, "any"), words.map((word) => h("option", { value: word, selected: filters[name] === word }, word))));
  let typing = 0;
  const search = h("input", { type: "search", placeholder: "Part of the objective", "aria-label": "Part of the objective", value: filters.objective ?? "" });
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => change("objective", search.value), 250);
  });

  const list = virtualTable(
    "Swarms",
    [
      { id: "id", title: "Swarm", width: "minmax(10rem, 1.4fr)", cell: (s) => swarmLink(s.id), sort: (s) => s.id },
      { id: "status", title: "Status", width: "8.5rem", cell: (s) => [badge(s.status), s.paused && badge("paused")], sort: (s) => s.status },
      { id: "objective", title: "Objective", width: "minmax(10rem, 2fr)", cell: (s) => h("span.cut", { title: s.objective }, s.objective), sort: (s) => s.objective },
      { id: "priority", title: "Priority", width: "6rem", cell: (s) => s.metadata.priority, sort: (s) => PRIORITIES[s.metadata.priority] },
      { id: "capabilities", title: "Capabilities", width: "minmax(7rem, 1fr)", cell: (s) => h("span.cut", s.metadata.capabilities.join(", ")) },
      { id: "tasks", title: "Tasks", width: "5rem", cell: (s) => number(s.activeTasks), sort: (s) => s.activeTasks, down: true },
      { id: "done", title: "Done", width: "6rem", cell: (s) => number(s.metrics.tasksCompleted), sort: (s) => s.metrics.tasksCompleted, down: true },
      { id: "seen", title: "Active", width: "8rem", cell: (s) => ago(s.lastActivity), sort: (s) => s.lastActivity, down: true },
    ],
    38,
  );

  /** Page by page; many pages are asked for less often. */
  async function load() {
    const asked = JSON.stringify(filters);
    const all = [];
    let cursor;
    do {
      const page = await client.call("swarm.list", { ...filters, limit: PAGE, cursor }, { wait: false });
      all.push(...page.swarms);
      cursor = page.nextCursor;
      if (stopped || asked !== JSON.stringify(filters)) return;
      if (due === 0) list.show(all);
    } while (cursor && all.length < MOST);
    list.show(all);
    setText(count, `${number(all.length)}${cursor ? " and more" : ""} ${all.length === 1 ? "swarm" : "swarms"}`);
    due = performance.now() + (all.length <= PAGE ? 0 : all.length * 1.5);
  }

  return {
    title: "Swarms",
    element: h(
      "div",
      h("div.filters", search, select("status", "Status", ["active", "interrupted", "recovering", "initializing", "completed", "failed"]), select("priority", "Priority", ["high", "normal", "low"]), select("mode", "Mode", ["mesh", "hierarchical"]), h("label", "Capability", h("input", { value: filters.capability ?? "", onchange: (event) => change("capability", event.target.value.trim()) })), count),
      list.element,
    ),
    refresh: () => (performance.now() >= due ? load() : null),
    end() {
      stopped = true;
      clearTimeout(typing);
      list.end();
    },
  };
}
