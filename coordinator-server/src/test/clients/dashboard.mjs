// Looks at every page of the dashboard of a real server, acts on it, and lets the server be started anew meanwhile.
import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { launch, look, step } from "./browser.mjs";
import { connect } from "./multiswarm.js";

const [url, program] = process.argv.slice(2);
const input = createInterface({ input: process.stdin });
const orders = input[Symbol.asyncIterator]();
const browser = await launch(program);
const { page, problems, main, go, sees, down } = await look(browser, url);
let frames = [];
page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => frames.push(JSON.parse(payload).method)));

const client = await connect(url);
const evil = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
const alpha = await client.swarm({ id: "alpha", objective: evil, metadata: { capabilities: ["paint"], tags: [evil] } });
const beta = await client.swarm({ id: "beta", objective: "Stay", metadata: { priority: "high" } });
await client.call("resource.define", { type: "gpu", total: 4 });
await beta.call("resource.allocate", { type: "gpu", amount: 3 });
let open = () => {};
const opened = new Promise((resolve) => (open = resolve));
beta.work(2, async ({ data }) => {
  if (data === "fail") throw Object.assign(new Error("the paint is out"), { retry: false });
  await opened;
});
await client.submit({ id: "long", description: "Takes long" });
await client.submit({ id: "broken", description: "Cannot be done", data: "fail" });
await client.submit({ id: "lonely", description: evil, capabilities: ["nobody-can"] });
assert.equal((await client.awaitTask("broken", 30_000)).status, "dead");

step("overview");
await page.goto(`${url}/`);
await sees("Active swarms");
await page.locator("#state", { hasText: "live" }).waitFor();
await page.locator(".tile", { hasText: "Active swarms" }).locator(".value", { hasText: /^2$/ }).waitFor();
await page.locator(".chart canvas").first().waitFor();
await main.locator("a", { hasText: "long" }).waitFor();

step("swarms");
await page.getByRole("link", { name: "Swarms" }).click();
await main.locator(".tr", { hasText: "alpha" }).waitFor();
const gamma = await client.swarm({ id: "gamma", objective: "Come and go" });
await main.locator(".tr", { hasText: "gamma" }).waitFor();
await gamma.call("swarm.deregister", {});
await main.locator(".tr", { hasText: "gamma" }).waitFor({ state: "detached" });
await page.getByRole("searchbox").fill("stay");
await main.locator(".tr", { hasText: "alpha" }).waitFor({ state: "detached" });
await main.locator(".tr", { hasText: "beta" }).waitFor();
await main.getByRole("button", { name: "Tasks" }).click();
await main.locator('[aria-sort="descending"]').waitFor();

step("a swarm, and what is said to it");
await go("#/swarms/alpha");
await sees(evil);
await client.call("message.send", { from: "beta", to: "alpha", type: "note", data: { text: "hello alpha" } });
await sees("hello alpha");
await go("#/swarms/beta");
await main.locator("tr", { hasText: "Takes long" }).locator("progress").waitFor();
await sees("gpu");

step("tasks");
await go("#/tasks");
await main.locator("tr", { hasText: "lonely" }).waitFor();
await client.submit({ id: "later", description: "Comes later", capabilities: ["nobody-can"] });
await main.locator("tr", { hasText: "later" }).waitFor();
await main.locator("select").first().selectOption("dead");
await main.locator("tr", { hasText: "lonely" }).waitFor({ state: "detached" });
await main.locator("tr", { hasText: "the paint is out" }).waitFor();
assert.match(page.url(), /status=dead/);

step("a task: retry, cancel");
await go("#/tasks/broken");
await sees("the paint is out");
await main.getByRole("button", { name: "Retry" }).click();
await page.locator(".toast", { hasText: "Retry: done" }).waitFor();
await main.locator("tr", { hasText: "dead" }).nth(1).waitFor();
await go("#/tasks/lonely");
await sees(evil);
await main.getByRole("button", { name: "Cancel" }).click();
await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
await main.locator(".badge", { hasText: "cancelled" }).first().waitFor();
assert.equal((await client.call("task.get", { taskId: "lonely" })).task.status, "cancelled");
await go("#/tasks/unknown");
await sees("unknown is not known");

step("resources");
await go("#/resources");
await sees("3 of 4 held");
await main.getByRole("button", { name: "Define" }).click();
await page.getByLabel("Type").fill("browser");
await page.getByLabel("Total").fill("7");
await page.getByRole("dialog").getByRole("button", { name: "Define" }).click();
await sees("0 of 7 held");

step("conflicts");
await go("#/conflicts");
await client.call("conflict.resolve", { type: "same file", swarmA: "alpha", swarmB: "beta", strategy: "priority" });
await main.locator("tr", { hasText: "same file" }).locator("td", { hasText: "beta" }).first().waitFor();

step("nodes and events");
await go("#/nodes");
await main.locator("td", { hasText: "node-" }).first().waitFor();
await go("#/events");
await sees("conflict_resolved");
await beta.call("message.publish", { channel: "swarm:events", type: "came-by", data: { mark: evil } });
await sees("came-by");
assert.equal(await page.title(), "Events · Coordinator");

step("nothing is asked while nobody looks");
await page.evaluate(() => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
  document.dispatchEvent(new Event("visibilitychange"));
});
await page.waitForFunction(() => new Promise((later) => setTimeout(() => later(true), 1_500)));
frames = [];
await page.waitForFunction(() => new Promise((later) => setTimeout(() => later(true), 3_000)));
assert.deepEqual(frames.filter((method) => method !== "session.ping"), []);
await page.evaluate(() => {
  delete document.hidden;
  document.dispatchEvent(new Event("visibilitychange"));
});

step("another server at the same address");
await go("#/");
await page.evaluate(() => (window.isTheSamePage = true));
down.is = true;
console.log("restart");
await page.locator("#state", { hasText: "reconnecting" }).waitFor();
await orders.next();
await page.locator("#state", { hasText: "live" }).waitFor();
down.is = false;
await page.locator(".tile", { hasText: "Active swarms" }).locator(".value", { hasText: /^2$/ }).waitFor();
assert.equal(await page.evaluate(() => window.isTheSamePage), true);
open();
await go("#/tasks/long");
await main.locator(".badge", { hasText: "completed" }).first().waitFor();

step("keyboard, light and dark");
await page.keyboard.press("2");
await page.waitForURL(/#\/swarms$/);
const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const before = await background();
await page.getByRole("button", { name: "Light or dark" }).click();
assert.notEqual(await background(), before);

assert.deepEqual(problems, []);
client.close();
input.close();
process.stdin.destroy();
await browser.close();
console.log("verdict good");
