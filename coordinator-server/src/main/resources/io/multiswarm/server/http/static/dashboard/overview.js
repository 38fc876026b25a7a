// The fleet at a glance.
import { h, fill, number, short, duration, swarmLink, time, badge } from "/dashboard/dom.js";
import { stats, latest, call, may, has } from "/dashboard/live.js";
import { chart } from "/dashboard/charts.js";
import { act } from "/dashboard/actions.js";

export default function overview() {
  const warning = h("div");
  const tiles = h("div.tiles");
  const recent = h("div");
  const charts = [
    chart("Tasks", [
      { label: "waiting", from: "depth", hue: "--amber" },
      { label: "assigned", from: "assigned", hue: "--blue" },
    ]),
    chart("Completed a second", [{ label: "tasks", from: "done", hue: "--green", unit: "/s" }]),
    chart("Messages a second, this node", [{ label: "messages", from: "messages", hue: "--violet", unit: "/s" }]),
    chart("Swarms and Redis", [
      { label: "active swarms", from: "swarms", hue: "--blue" },
      { label: "Redis p99", from: "latency", hue: "--red", unit: " ms" },
    ]),
  ];
  let leader = null;
  let nodes = null;
  let completed = [];

  const tile = (label, value, note, kind = "") => h(`div.card.tile${kind && `.${kind}`}`, h("div.label", label), h("div.value", value), h("div.note", note ?? ""));

  return {
    title: "Overview",
    element: h("div", warning, tiles, h("div.charts", charts.map(({ figure }) => figure)), h("section", h("h2", "Latest tasks"), recent)),
    async refresh() {
      const [lead, list, found] = await Promise.all([
        call("leader.get"),
        may("observe") ? call("node.list") : null,
        may("observe") ? call("task.list", { limit: 12 }) : null,
      ]);
      [leader, nodes, completed] = [lead, list?.nodes, found?.tasks ?? []];
      const row = (task) => [h("a.mono", { href: `#/tasks/${encodeURIComponent(task.id)}`, "data-key": task.id }, task.id), task.description, badge(task.status), swarmLink(task.swarmId), time(task.updatedAt)];
      fill(recent, h("div.scroll", h("table", h("caption", "The latest tasks"), h("thead", h("tr", ["Task", "What", "Status", "Swarm", "Changed"].map((head) => h("th", { scope: "col" }, head)))), h("tbody", completed.map((task) => h("tr", row(task).map((cell) => h("td", cell))))))));
    },
    stats() {
      if (!stats) return;
      const { registry, tasks, messenger, health, resources } = stats;
      const waiting = tasks.queueDepth;
      const idle = waiting > 0 && tasks.assigned === 0 && (latest("done") ?? 0) === 0;
      fill(
        warning,
        tasks.paused && h("p.banner.warn", h("strong", "Tasks are paused."), " What is submitted waits; nobody is given anything. ", may("admin") && has("task.resume") && act("Resume", "task.resume", {})),
        !tasks.paused && idle && h("p.banner.warn", h("strong", "Nobody works on what waits."), ` ${number(waiting)} ${waiting === 1 ? "task waits" : "tasks wait"}, and none is assigned. `, h("a", { href: "#/tasks?status=pending" }, "See why")),
        tasks.unroutable > 0 && h("p.banner.warn", `${number(tasks.unroutable)} tasks ask for capabilities that no attached swarm has. `, h("a", { href: "#/tasks?status=pending" }, "See which")),
        leader && !leader.swarmId && registry.activeSwarms > 0 && h("p.banner", "There is no leader at the moment: tasks wait until one is elected."),
      );
      fill(
        tiles,
        tile("Active swarms", number(registry.activeSwarms), `of ${number(registry.totalSwarms)} registered`),
        tile("Leader", leader?.swarmId ? swarmLink(leader.swarmId) : "none", leader?.swarmId ? `epoch ${leader.epoch}` : "", "text"),
        tile("Nodes", nodes ? number(nodes.length) : "–", nodes ? `${number(nodes.reduce((sum, node) => sum + node.sessions, 0))} sessions` : `this one: ${stats.node}`),
        tile("Waiting", short(waiting), `oldest ${tasks.oldestAge ? duration(tasks.oldestAge) : "–"}, ${short(tasks.delayed)} delayed`, idle ? "warn" : ""),
        tile("Assigned", short(tasks.assigned), `${short(tasks.redelivered)} redelivered`),
        tile("Completed", short(tasks.tasksCompleted), `${short(latest("done") ?? 0)} a second`),
        tile("Dead", short(tasks.dead), `${short(tasks.tasksFailed)} failed attempts`, tasks.dead > 0 ? "bad" : ""),
        tile("Messages", short(messenger.messagesSent), `${short(latest("messages") ?? 0)} a second`),
        tile("Gaps", short(messenger.gapsAnnounced), `${short(messenger.gapsFilled)} filled`, messenger.gapsAnnounced > 0 ? "warn" : ""),
        tile("Redis p99", health.commandLatency == null ? "–" : `${health.commandLatency} ms`, `scheduler ${health.schedulerDelay} ms late`),
        tile("Resources", number(resources.pools), `${number(resources.holders)} holders, ${number(resources.waiting)} wait`),
        tile("Recovered", short(stats.state.recoveriesPerformed), `${short(registry.totalInterrupted)} interrupted`),
      );
      for (const one of charts) one.update();
    },
    end() {
      for (const one of charts) one.end();
    },
  };
}
