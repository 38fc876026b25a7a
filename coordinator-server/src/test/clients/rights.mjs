// Looks at every control of every page of the dashboard, with a token that may only look and with one that may all.
import assert from "node:assert/strict";
import { launch, look, step } from "./browser.mjs";
import { connect } from "./multiswarm.js";

const [url, program, reading, submitting, ruling, methods] = process.argv.slice(2);
const READS = methods.split(","); // what the scope observe may call

/** All that the dashboard does, each staged below. */
const ACTIONS = [
  ...["swarm.attach", "swarm.deregister", "swarm.pause", "swarm.recover", "swarm.resume"],
  ...["snapshot.create", "snapshot.restore", "checkpoint.restore", "resource.define"],
  ...["task.adopt", "task.cancel", "task.cancelAll", "task.pause", "task.resume", "task.retry", "task.retryAll"],
];

/** Pages, and what is there when all is drawn that the page has to show. */
const PAGES = {
  "#/": ["table", "Takes long"],
  "#/swarms": [".tr", "alpha"],
  "#/swarms/alpha": [".facts", "Look at me"],
  "#/swarms/beta": [".facts", "Paused"],
  "#/tasks": ["tr", "lonely"],
  "#/tasks?status=dead": ["tr", "broken"],
  "#/tasks?status=pending": ["tr", "lonely"],
  "#/tasks/broken": [".facts", "Cannot be done"],
  "#/tasks/late": ["table", "what attempt 1 made"],
  "#/tasks/lonely": [".facts", "Nobody can"],
  "#/tasks/long": [".facts", "Takes long"],
  "#/resources": [".pool", "2 of 2 held"],
  "#/conflicts": ["tr", "same file"],
  "#/nodes": ["td", "node-"],
  "#/events": ["tr", "conflict_resolved"],
};

const client = await connect(url, { token: ruling });
const alpha = await client.swarm({ id: "alpha", objective: "Look at me", metadata: { capabilities: ["late"] } });
const beta = await client.swarm({ id: "beta", objective: "Paused", metadata: { capabilities: ["paint"] } });
for (const swarm of [alpha, beta]) {
  await swarm.call("state.save", { state: { n: 1 } });
  await swarm.call("snapshot.create", { label: "kept" });
  await swarm.call("checkpoint.create", { data: { n: 3 } });
}
await client.call("resource.define", { type: "gpu", total: 2 });
await beta.call("resource.allocate", { type: "gpu", amount: 2 });
let open;
const opened = new Promise((known) => (open = known));
const isFenced = new Promise((known) => client.on("fenced", known));
alpha.work(1, async (task, { attempt }) => {
  if (attempt > 1) await opened;
  await alpha.call("task.release", { taskId: task.id, attempt });
  return "what attempt 1 made";
});
let isAssigned;
const assigned = new Promise((known) => (isAssigned = known));
beta.work(2, async ({ data }) => {
  if (data === "fail") throw Object.assign(new Error("the paint is out"), { retry: false });
  isAssigned();
  await opened;
});
await client.submit({ id: "late", description: "Released", capabilities: ["late"] });
await client.submit({ id: "broken", description: "Cannot be done", data: "fail", capabilities: ["paint"] });
assert.equal((await client.awaitTask("broken", 30_000)).status, "dead");
await isFenced;
const many = Array.from({ length: 90 }, (_, i) => ({ id: `many-${i}`, description: "One of many", type: "many", capabilities: ["nobody-can"] }));
for (const tasks of [many.slice(0, 45), many.slice(45)]) await client.call("task.submitBatch", { tasks });
for (let i = 0; i < 10; i++) await client.submit({ description: "One more", capabilities: ["nobody-can"] });
await client.submit({ id: "lonely", description: "Nobody can", capabilities: ["nobody-can"] });
await client.submit({ id: "long", description: "Takes long", capabilities: ["paint"] });
await assigned;
await client.call("conflict.resolve", { type: "same file", swarmA: "alpha", swarmB: "beta", strategy: "priority" });
await beta.call("swarm.pause", {});
await client.call("task.pause", {});

const browser = await launch(program);

/** Signs in; what the server refuses from then on is kept. */
async function signIn(token) {
  const seen = await look(browser, url);
  const asked = new Map();
  const refused = [];
  seen.page.on("websocket", (socket) => {
    socket.on("framesent", ({ payload }) => {
      const { id, method, params } = JSON.parse(payload);
      asked.set(id, `${method} ${JSON.stringify(params)}`);
    });
    socket.on("framereceived", ({ payload }) => {
      const { id, error } = JSON.parse(payload);
      if (error && !asked.get(id)?.startsWith("session.open")) refused.push(`${asked.get(id)}: ${JSON.stringify(error)}`);
    });
  });
  await seen.page.goto(`${url}/`);
  await seen.page.getByLabel("Token").fill(token);
  await seen.page.getByRole("button", { name: "Sign in" }).click();
  await seen.page.locator("#state", { hasText: "live" }).waitFor();
  return { ...seen, refused };
}

/** What can be clicked, chosen or typed into, as far as it is to be seen. */
const controls = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("button, summary, select, input, textarea, a, [role=button], [role=menuitem], [contenteditable], [onclick]")]
      .filter((one) => one.checkVisibility({ visibilityProperty: true }))
      .map((one) => ({ tag: one.localName, method: one.dataset.method ?? null, name: (one.getAttribute("aria-label") ?? one.textContent).trim(), href: one.getAttribute("href") })),
  );

/** Goes to every page; gives the controls of each. */
async function walk({ main, page, go, refused }) {
  const all = {};
  for (const [hash, [where, text]] of Object.entries(PAGES)) {
    await go(hash);
    await main.locator(where, { hasText: text }).first().waitFor();
    if (hash === "#/") await main.getByText("Tasks are paused").waitFor();
    all[hash] = await controls(page);
    assert.ok(all[hash].length > 8, hash);
    for (const { tag, href } of all[hash]) if (tag === "a") assert.match(href, /^#/, hash);
    assert.deepEqual(refused, [], hash);
  }
  return all;
}

const buttons = (all) => Object.entries(all).flatMap(([hash, found]) => found.filter(({ tag }) => ["button", "summary"].includes(tag)).map((one) => ({ hash, ...one })));

step("a token that may only look");
const observer = await signIn(reading);
const offered = buttons(await walk(observer));
const denied = offered.filter(({ method }) => method !== null && !READS.includes(method));
assert.deepEqual(denied, []);
const local = new Map(offered.filter(({ method }) => method === null).map((one) => [one.name, one]));
assert.deepEqual([...local.keys()].sort(), ["Active", "Done", "Light or dark", "Objective", "Priority", "Show more", "Status", "Swarm", "Tasks"]);
for (const { hash, name } of local.values()) {
  await observer.go(hash);
  await observer.page.getByRole("button", { name, exact: true }).click();
}
await observer.go("#/tasks");
await observer.main.getByRole("button", { name: "Show more" }).click();
await observer.main.locator("tr", { hasText: "broken" }).waitFor();
assert.deepEqual(observer.refused, []);
assert.equal(await observer.page.locator(".toast.bad").count(), 0);
assert.deepEqual(observer.problems, []);
await observer.page.close();

step("a token that may submit");
const own = await connect(url, { token: submitting });
await own.submit({ id: "mine", description: "Only mine", capabilities: ["nobody-can"] });
own.close();
const submitter = await signIn(submitting);
const ofTasks = async (id, text) => {
  await submitter.go(`#/tasks/${id}`);
  await submitter.main.locator(".facts", { hasText: text }).waitFor();
  return (await controls(submitter.page)).map(({ method }) => method).filter((method) => method?.startsWith("task."));
};
for (const [id, text] of [["long", "Takes long"], ["late", "Released"], ["lonely", "Nobody can"], ["broken", "Cannot be done"]]) assert.deepEqual(await ofTasks(id, text), [], id);
assert.deepEqual(await ofTasks("mine", "Only mine"), ["task.cancel"]);
await submitter.main.getByRole("button", { name: "Cancel" }).click();
await submitter.page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
await submitter.main.locator(".facts .badge", { hasText: "cancelled" }).waitFor();
assert.deepEqual(submitter.refused, []);
assert.deepEqual(submitter.problems, []);
await submitter.page.close();

step("a token that may all");
const ruler = await signIn(ruling);
const given = new Set(buttons(await walk(ruler)).map(({ method }) => method));

const { page, main, go } = ruler;
const done = (label) => page.locator(".toast", { hasText: `${label}: done` }).first().waitFor();
const confirm = (label) => page.getByRole("dialog").getByRole("button", { name: label }).click();
step("a swarm: pause, restore");
await go("#/swarms/alpha");
await main.getByRole("button", { name: "Pause" }).click();
await confirm("Pause");
await main.locator(".facts .badge", { hasText: "paused" }).waitFor();
assert.equal((await client.call("swarm.get", { swarmId: "alpha" })).swarm.paused, true);
await alpha.call("state.save", { state: { n: 2 } });
await main.locator("tr", { hasText: "kept" }).getByRole("button", { name: "Restore" }).click();
await confirm("Restore");
await done("Restore");
assert.deepEqual((await alpha.call("state.load", {})).state, { n: 1 });

step("tasks: what fits, the fleet");
await go("#/tasks?status=pending&type=many");
await main.getByRole("button", { name: "Cancel all that fit…" }).click();
await page.getByRole("dialog").getByText("90 tasks fit").waitFor();
await confirm("Cancel all that fit: 90");
await main.getByText("No task fits.").waitFor();
assert.equal((await client.call("task.get", { taskId: "many-7" })).task.status, "cancelled");
await main.getByRole("button", { name: "Resume the fleet" }).click();
await main.getByRole("button", { name: "Pause the fleet" }).waitFor();
for (const { method } of await controls(page)) given.add(method);
given.delete(null);
assert.deepEqual([...given].sort(), [...ACTIONS].sort());
assert.ok(ACTIONS.every((method) => !READS.includes(method)));
assert.deepEqual(ruler.refused, []);
assert.deepEqual(ruler.problems, []);
open();
client.close();
await browser.close();
console.log("verdict good");
