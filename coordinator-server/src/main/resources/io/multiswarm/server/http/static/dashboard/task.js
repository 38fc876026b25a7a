// One task: what it is, why it waits, what became of each attempt.
import { h, fill, date, ago, duration, badge, swarmLink, table, json } from "/dashboard/dom.js";
import { call, client, may, has } from "/dashboard/live.js";
import { act } from "/dashboard/actions.js";

export default function task({ id }) {
  const body = h("div");
  let isOver = false;

  async function refresh() {
    let found, mayCancel;
    try {
      ({ task: found, mayCancel } = await client.call("task.get", { taskId: id }, { wait: false }));
    } catch (error) {
      if (error.name !== "NOT_FOUND") throw error;
      return fill(body, h("p.empty", error.message));
    }
    const isOpen = found.status === "pending" || found.status === "assigned";
    const why = isOpen ? await call("task.explain", { taskId: id }) : null;
    if (isOver) return;
    fill(body, facts(found), why && explanation(why), actions(found, isOpen && mayCancel), history(found), late(found, mayCancel), payloads(found));
  }

  const fact = (label, value) => value != null && value !== "" && [h("dt", label), h("dd", value)];
  const facts = (found) =>
    h(
      "dl.card.facts",
      fact("Status", badge(found.status)),
      fact("What", found.description),
      fact("Type", found.type),
      fact("Priority", found.priority),
      fact("Needs", found.capabilities.join(", ")),
      fact("From", found.from && swarmLink(found.from)),
      fact("Swarm", found.swarmId && swarmLink(found.swarmId)),
      fact("Attempts", `${found.attempts}${found.failures == null ? "" : `, ${found.failures} failed`}; ${found.maxAttempts} may fail`),
      fact("Lease", duration(found.timeoutMs)),
      fact("Submitted", [date(found.submittedAt), " (", ago(found.submittedAt), ")"]),
      fact("Changed", [date(found.updatedAt), " (", ago(found.updatedAt), ")"]),
    );

  const explanation = (why) => h("p.banner", { "data-reason": why.reason }, h("strong", `Why: ${why.reason.replaceAll("_", " ")}. `), why.detail);

  const actions = (found, mayCancel) =>
    h(
      "div.actions",
      mayCancel && act("Cancel", "task.cancel", { taskId: id }, { confirm: `${found.description} is not done then.`, then: refresh, kind: "danger" }),
      found.status === "dead" && may("admin") && act("Retry", "task.retry", { taskId: id }, { then: refresh, kind: "primary" }),
    );

  const history = (found) =>
    h("section", h("h2", "History"), table("History", ["When", "Status", "Attempt", "Swarm", "Reason"], found.history.map((one) => [date(one.at), badge(one.status), one.attempt ?? "", one.swarmId ? swarmLink(one.swarmId) : "", one.reason ?? ""])));

  const late = (found, mayAdopt) =>
    found.lateResults?.length > 0 &&
    h(
      "section",
      h("h2", "Late results"),
      table(
        "Late results",
        ["Attempt", "Swarm", "When", "Result", ""],
        found.lateResults.map((one) => [one.attempt, swarmLink(one.swarmId), date(one.at), one.truncated ? "too large, not kept" : json(one.result ?? null), !one.truncated && found.status !== "completed" && found.status !== "cancelled" && mayAdopt && has("task.adopt") && act("Make it the result", "task.adopt", { taskId: id, attempt: one.attempt }, { then: refresh })]),
      ),
    );

  const payloads = (found) => [
    ["Result", found.result],
    ["Error", found.error],
    ["Progress", found.progress],
    ["Data", found.data],
  ].map(([title, value]) => value !== undefined && h("section", h("h2", title), json(value)));

  return { title: `Task ${id}`, element: h("div", h("p", h("a", { href: "#/tasks" }, "All tasks")), body), refresh, end: () => (isOver = true) };
}
