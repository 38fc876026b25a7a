// The smaller pages: resources, conflicts, nodes, events.
import { h, fill, number, time, date, ago, badge, swarmLink, table } from "/dashboard/dom.js";
import { call, client, may, stats } from "/dashboard/live.js";
import { perform } from "/dashboard/actions.js";
import { ask } from "/dashboard/dom.js";
import { channelLog } from "/dashboard/channel.js";

const HOLDERS = 50; // of a pool that are shown

export function resources() {
  const body = h("div");
  async function define() {
    const given = await ask("Define a resource", "A total below what is held is refused.", "Define", [{ name: "type", label: "Type" }, { name: "total", label: "Total", value: "1" }]);
    if (given) await perform(`Define ${given.type}`, "resource.define", { type: given.type, total: Number(given.total) });
  }
  const pool = (one) => {
    const held = one.total - one.available;
    const holders = [...one.allocations].sort((a, b) => b.amount - a.amount);
    return h(
      "section.card.pool",
      h("div.row", h("h2", one.type), h("span", `${number(held)} of ${number(one.total)} held, ${number(one.available)} free`)),
      h("progress", { max: Math.max(1, one.total), value: held, "aria-label": `${one.type}: held` }),
      one.waiting?.length > 0 && h("p", "Waiting: ", one.waiting.map((who) => [swarmLink(who.swarmId), ` (${number(who.amount)}) `])),
      h("ul.chips", holders.slice(0, HOLDERS).map(({ swarmId, amount }) => h("li", swarmLink(swarmId), ` ${number(amount)}`)), holders.length > HOLDERS && h("li", `and ${holders.length - HOLDERS} more`)),
    );
  };
  return {
    title: "Resources",
    element: h("div", body),
    async refresh() {
      const { resources: pools } = await client.call("resource.list", {}, { wait: false });
      const waiting = stats?.resources.waiting; // told a second later
      fill(
        body,
        h("div.row", stats && h("p", waiting > 0 ? h("span.badge.is-pending", `${number(waiting)} ${waiting === 1 ? "call waits" : "calls wait"} in line`) : "Nobody waits in line."), may("admin") && h("button", { type: "button", "data-key": "define", "data-method": "resource.define", onclick: define }, "Define…")),
        pools.length === 0 ? h("p.empty", "No resource is defined.") : h("div.pools", pools.map(pool)),
      );
    },
  };
}

export function conflicts() {
  const body = h("div");
  const found = new Map(); // by id, the newest last
  let position = null;
  const KEPT = 200;

  /** What was told on the channel: a conflict that began, and how it was decided. */
  function learn(message) {
    const { type, data } = message.payload ?? {};
    if (type !== "conflict_detected" && type !== "conflict_resolved") return;
    const known = found.get(data.conflictId) ?? { at: message.timestamp };
    found.delete(data.conflictId);
    found.set(data.conflictId, { ...known, ...data, ...(type === "conflict_resolved" && { ended: message.timestamp }) });
    if (found.size > KEPT) found.delete(found.keys().next().value);
  }
  const idOf = (swarm) => (typeof swarm === "string" ? swarm : swarm?.id);
  const ballots = (one) => (one.votes ? Object.entries(one.votes).map(([id, count]) => h("span.badge", `${id}: ${count}`)) : "");

  return {
    title: "Conflicts",
    element: h("div", h("p.muted", "The latest conflicts between swarms, as they were told on swarm:coordination."), body),
    async refresh() {
      const page = await client.call("channel.history", { channel: "swarm:coordination", limit: 1_000, ...(position && { since: position }) }, { wait: false });
      for (const { message } of page.messages) learn(message);
      const last = page.messages.at(-1);
      position = { epoch: page.epoch, offset: last ? last.offset : page.last };
      const rows = [...found.values()].reverse().map((one) => [h("span.mono", one.conflictId ?? ""), one.type ?? "", [swarmLink(idOf(one.swarmA)), " against ", swarmLink(idOf(one.swarmB))], one.ended ? badge("resolved") : badge("open"), one.winner ? swarmLink(one.winner) : "", one.strategy ?? "", one.reason ?? "", ballots(one), time(one.ended ?? one.at)]);
      fill(body, table("Conflicts", ["Conflict", "About", "Between", "Status", "Winner", "Strategy", "Reason", "Votes", "When"], rows, "There were no conflicts lately."));
    },
  };
}

export function nodes() {
  const body = h("div");
  return {
    title: "Nodes",
    element: body,
    async refresh() {
      const answer = await call("node.list");
      if (!answer) {
        const stats = await client.call("stats.get", {}, { wait: false });
        const { coordinator, health, heldSwarms } = stats;
        return fill(body, table("This node", ["Node", "Leading", "Swarms", "Redis p99"], [[h("span.mono", stats.node), coordinator.isLeader ? badge("leader") : "", number(heldSwarms), `${health.commandLatency ?? "–"} ms`]]));
      }
      const rows = answer.nodes.map((one) => [h("span.mono", one.node), one.leading ? badge("leader") : "", one.version, number(one.sessions), number(one.swarms), one.redisLatencyMs == null ? "–" : `${one.redisLatencyMs} ms`, h("span", date(one.startedAt), " (", ago(one.startedAt), ")"), one.node === client.welcome?.node ? "this page's" : ""]);
      fill(body, table("Nodes", ["Node", "", "Version", "Sessions", "Swarms", "Redis", "Started", ""], rows, "No node is listed."));
    },
  };
}

export function events() {
  const log = channelLog(["swarm:events", "swarm:coordination", "swarm:tasks"], "What happens in the fleet");
  return { title: "Events", element: log.element, refresh: log.begin, end: log.end };
}
