// One swarm: what it has, what is said to it, and what its holder or an administrator may do.
import { h, fill, number, date, ago, time, duration, badge, taskLink, table, json, line, ask } from "/dashboard/dom.js";
import { call, callApart, client, may, mayActForSwarms, mayHear, mayMendSwarms, has } from "/dashboard/live.js";
import { act, toast } from "/dashboard/actions.js";
import { channelLog } from "/dashboard/channel.js";

export default function swarm({ id }) {
  const body = h("div");
  const log = channelLog([`swarm:${id}`], "Messages to this swarm");
  let isOver = false;

  const optional = (method) => call(method, { swarmId: id }).catch((error) => error);

  /** What the holder and administrators alone may read. */
  async function copies() {
    if (!mayActForSwarms()) return null;
    const [state, snapshots, checkpoints] = await Promise.all([optional("state.load"), optional("snapshot.list"), optional("checkpoint.list")]);
    if (snapshots instanceof Error) return null;
    return { state: state instanceof Error ? null : state, snapshots: snapshots.snapshots, checkpoints: checkpoints.checkpoints ?? [] };
  }

  async function refresh() {
    let found;
    try {
      found = (await client.call("swarm.get", { swarmId: id }, { wait: false })).swarm;
    } catch (error) {
      if (error.name !== "NOT_FOUND") throw error;
      return fill(body, h("p.empty", `${error.message}.`));
    }
    const [assigned, pools, kept, leader] = await Promise.all([
      may("observe") ? call("task.list", { swarmId: id, status: "assigned", limit: 100 }) : null,
      may("observe") ? call("resource.list", { swarmId: id }) : null,
      copies(),
      call("leader.get"),
    ]);
    if (isOver) return;
    fill(body, facts(found, leader), actions(found), work(assigned?.tasks ?? []), agents(found), resources(pools?.resources ?? []), kept && copiesOf(kept));
  }

  const fact = (label, value) => value != null && value !== "" && [h("dt", label), h("dd", value)];
  const facts = (s, leader) =>
    h(
      "dl.card.facts",
      fact("Status", [badge(s.status), s.paused && badge("paused"), leader?.swarmId === id && badge("leader"), s.attached ? "" : " nobody is attached"]),
      fact("Objective", s.objective),
      fact("Strategy", `${s.strategy}, ${s.mode}`),
      fact("Priority", s.metadata.priority),
      fact("Capabilities", s.metadata.capabilities.join(", ")),
      fact("Tags", s.metadata.tags.join(", ")),
      fact("Phase", s.metadata.phase),
      fact("Creator", s.metadata.creator),
      fact("Tasks", `${number(s.activeTasks)} now, ${number(s.metrics.tasksCompleted)} completed, ${number(s.metrics.tasksFailed)} failed`),
      fact("Messages", `${number(s.metrics.messagesSent)} sent`),
      fact("Incarnation", number(s.incarnation)),
      fact("Created", [date(s.createdAt), " (", ago(s.createdAt), ")"]),
      fact("Active", ago(s.lastActivity)),
      fact("Heartbeat", ago(s.lastHeartbeat)),
    );

  /** For one whose key is lost. */
  async function newKey() {
    const warning = "The former key is good no more, whoever holds the swarm is fenced, and what it has goes to others.";
    if (!(await ask("New key", warning, "New key"))) return;
    try {
      const { key } = await callApart("swarm.attach", { swarmId: id, newKey: true });
      await ask("Its key from now on", "Nobody is shown it again.", "Done", [{ name: "key", label: "Key", value: key }]);
    } catch (error) {
      toast(`New key: ${error.message}`, "bad");
    }
    refresh();
  }

  const actions = (s) =>
    h(
      "div.actions",
      mayActForSwarms() && has("swarm.pause") && (s.paused ? act("Resume", "swarm.resume", { swarmId: id }, { then: refresh, kind: "primary" }) : act("Pause", "swarm.pause", { swarmId: id }, { then: refresh, confirm: "It keeps what it has, and is assigned nothing new." })),
      mayActForSwarms() && act("Recover", "swarm.recover", { swarmId: id }, { then: refresh }),
      mayMendSwarms() && h("button", { type: "button", onclick: newKey, "data-key": "new key", "data-method": "swarm.attach" }, "New key"),
      mayMendSwarms() && act("Deregister", "swarm.deregister", { swarmId: id, reason: "by the dashboard" }, { confirm: `${id} is removed, its tasks go to others and its resources are returned.`, kind: "danger", then: () => (location.hash = "#/swarms") }),
    );

  /** How much of a lease has passed since the assignment; a worker that is well renews it. */
  const lease = (task) => {
    const began = task.history.filter(({ status }) => status === "assigned").at(-1)?.at ?? task.updatedAt;
    const passed = Date.now() - began;
    return h("div.lease", h("progress", { max: task.timeoutMs, value: Math.min(passed, task.timeoutMs), "aria-label": "of its lease" }), h("span", duration(passed), passed > task.timeoutMs ? ", renewed" : ""));
  };
  const work = (tasks) =>
    h("section", h("h2", "Works on"), table("Tasks that it has", ["Task", "What", "Attempt", `Runs for`, "Progress"], tasks.map((task) => [taskLink(task.id), h("span.cut", task.description), task.attempts, lease(task), task.progress === undefined ? "" : line(task.progress)]), "It has no task."));

  const agents = (s) => s.agents.length > 0 && h("section", h("h2", `Agents (${s.agents.length} of ${s.maxAgents})`), h("ul.chips", s.agents.slice(0, 200).map((agent) => h("li", line(agent?.name ?? agent?.id ?? agent, 80)))));

  const resources = (pools) => {
    const held = pools.map((pool) => [pool.type, pool.allocations.find(({ swarmId }) => swarmId === id)?.amount ?? 0, pool.total]).filter(([, amount]) => amount > 0);
    return held.length > 0 && h("section", h("h2", "Resources"), table("Resources that it holds", ["Type", "Holds", "Of"], held.map(([type, amount, total]) => [type, number(amount), number(total)])));
  };

  const copiesOf = ({ state, snapshots, checkpoints }) => {
    const row = (copy, copyId, method, parameter) => [copyId, copy.label ?? "", copy.version, date(copy.createdAt), `${number(copy.bytes)} bytes`, act("Restore", method, { swarmId: id, [parameter]: copyId }, { confirm: `What version ${copy.version} had becomes the newest version of the state.`, then: refresh })];
    const rows = [...snapshots.map((one) => row(one, one.snapshotId, "snapshot.restore", "snapshotId")), ...checkpoints.map((one) => row(one, one.checkpointId, "checkpoint.restore", "checkpointId"))];
    return h("section", h("h2", "State"), h("p", state ? ["Version ", h("strong", number(state.version)), ", saved ", time(state.savedAt)] : "Nothing is saved."), state && h("details", h("summary", "Show"), json(state.state)), h("p", act("Take a snapshot", "snapshot.create", { swarmId: id }, { then: refresh })), table("Copies", ["Copy", "Label", "Version", "Taken", "Size", ""], rows, "There are no copies."));
  };

  return {
    title: `Swarm ${id}`,
    element: h("div", h("p", h("a", { href: "#/swarms" }, "All swarms")), body, log.element),
    async refresh() {
      log.element.hidden = !mayHear(id);
      if (!log.element.hidden) log.begin();
      await refresh();
    },
    end() {
      isOver = true;
      log.end();
    },
  };
}
