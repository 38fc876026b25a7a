// Tasks by the server's filters, and what may be done to all that fit.
import { h, fill, number, ago, badge, swarmLink, taskLink, table, ask, duration } from "/dashboard/dom.js";
import { call, client, may, has, stats, live } from "/dashboard/live.js";
import { act, perform } from "/dashboard/actions.js";

const PAGE = 100;
const MOST = 2_000;
const STATUSES = ["pending", "assigned", "completed", "dead", "cancelled"];
const AGES = { "1 minute": 60_000, "10 minutes": 600_000, "1 hour": 3_600_000, "1 day": 86_400_000 };

/** The last reason that the history tells. */
const lastWord = (task) => task.error?.message ?? task.history.filter(({ reason }) => reason).at(-1)?.reason ?? "";

export default function tasks({ query }) {
  const filters = Object.fromEntries(query);
  const list = h("div");
  const bar = h("div.bulk");
  const form = h("div.filters");
  let shown = PAGE;
  let knows = false;

  const change = (name, value) => {
    if (value) filters[name] = value;
    else delete filters[name];
    shown = PAGE;
    history.replaceState(null, "", `#/tasks?${new URLSearchParams(filters)}`);
    fields();
    load();
  };
  const params = () => ({ ...filters, ...(filters.olderThanMs && { olderThanMs: Number(filters.olderThanMs) }) });
  const select = (name, label, options) =>
    h("label", label, h("select", { "data-key": name, onchange: (event) => change(name, event.target.value) }, h("option", { value: "" }, "any"), options.map(([word, value]) => h("option", { value, selected: filters[name] === String(value) }, word))));
  const text = (name, label) => h("label", label, h("input", { "data-key": name, value: filters[name] ?? "", onchange: (event) => change(name, event.target.value.trim()) }));
  const open = (event) => {
    if (event.key === "Enter" && event.target.value.trim()) location.hash = `#/tasks/${encodeURIComponent(event.target.value.trim())}`;
  };

  /** Servers without bulk calls know two of the filters only. */
  function fields() {
    const all = has("node.list");
    fill(
      form,
      h("input", { type: "search", placeholder: "A task's id, then Enter", "aria-label": "A task's id", onkeydown: open, "data-key": "id" }),
      select("status", "Status", STATUSES.map((word) => [word, word])),
      text("swarmId", "Swarm"),
      all && [
        text("from", "From"),
        text("type", "Type"),
        text("capability", "Capability"),
        select("priority", "Priority", ["high", "normal", "low"].map((word) => [word, word])),
        select("olderThanMs", "Older than", Object.entries(AGES)),
      ],
      Object.keys(filters).length > 0 && h("a", { href: "#/tasks", onclick: clear }, "Clear"),
    );
  }

  function clear(event) {
    event.preventDefault();
    for (const name of Object.keys(filters)) delete filters[name];
    change("status", "");
  }

  async function bulk(label, method) {
    const preview = await perform(`${label} (preview)`, method, { ...params(), dryRun: true });
    if (!preview) return;
    const words = Object.entries(filters).map(([name, value]) => `${name} ${name === "olderThanMs" ? duration(Number(value)) : value}`).join(", ");
    const question = `${number(preview.matched)} tasks fit ${words}. At most 10,000 are changed at a time.`;
    if (preview.matched === 0 || !(await ask(label, question, `${label}: ${number(preview.matched)}`))) return;
    await perform(label, method, { ...params(), limit: 10_000 });
    load();
  }

  function bulkBar() {
    const isFiltered = Object.keys(filters).length > 0;
    const mayChange = may("admin") && has("task.retryAll");
    const retries = isFiltered && mayChange && (!filters.status || filters.status === "dead");
    const cancels = isFiltered && mayChange && (!filters.status || ["pending", "assigned"].includes(filters.status));
    const isPaused = stats?.tasks.paused === true;
    const mayPause = may("admin") && has("task.pause") && has("node.list");
    fill(
      bar,
      retries && h("button", { type: "button", "data-key": "retryAll", "data-method": "task.retryAll", onclick: () => bulk("Retry all that fit", "task.retryAll") }, "Retry all that fit…"),
      cancels && h("button.danger", { type: "button", "data-key": "cancelAll", "data-method": "task.cancelAll", onclick: () => bulk("Cancel all that fit", "task.cancelAll") }, "Cancel all that fit…"),
      mayPause && (isPaused ? act("Resume the fleet", "task.resume", {}) : act("Pause the fleet", "task.pause", {}, { confirm: "Nobody is given anything until it is resumed. Submissions go on, and what is assigned is finished." })),
    );
  }

  async function load() {
    if (!knows) await call("node.list"); // tells whether the newer methods are there
    knows = true;
    fields();
    bulkBar();
    let found = [];
    let cursor;
    do {
      const page = await client.call("task.list", { ...params(), limit: Math.min(PAGE, shown - found.length), cursor }, { wait: false });
      found = found.concat(page.tasks);
      cursor = page.nextCursor;
    } while (cursor && found.length < shown);
    const rows = found.map((task) => [taskLink(task.id), badge(task.status), h("span.cut", { title: task.description }, task.description), swarmLink(task.swarmId), `${task.attempts} of ${task.maxAttempts}`, task.priority, ago(task.submittedAt), h("span.cut", lastWord(task))]);
    const more = cursor && shown < MOST && h("button", { type: "button", "data-key": "more", onclick: () => ((shown += PAGE), load()) }, "Show more");
    fill(list, table("Tasks", ["Task", "Status", "What", "Swarm", "Attempts", "Priority", "Submitted", "Last word"], rows, "No task fits."), h("p.actions", more, cursor && shown >= MOST && h("span.muted", "More fit: filter further.")));
  }

  fields();
  return { title: "Tasks", element: h("div", form, bar, list), refresh: load, stats: bulkBar };
}
