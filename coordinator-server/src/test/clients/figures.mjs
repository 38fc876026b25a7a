// Measures the dashboard before many swarms and tasks, of which some change all the time.
import { createConnection } from "node:net";
import { launch, look } from "./browser.mjs";
import { connect } from "./multiswarm.js";

const [url, program, minutes, redisPort, swarms, tasks] = process.argv.slice(2);
const SWARMS = Number(swarms);
const TASKS = Number(tasks);
const SESSIONS = 20; // that the swarms are of, and that look on
const BATCH = 100;
const WINDOW = 10_000; // ms
const say = (words) => console.log(`figure: ${words}`);
const later = (ms) => new Promise((done) => setTimeout(done, ms));
const ms = (n) => `${Math.round(n)} ms`;

/** Does that for all of 0 to n - 1, some at a time. */
async function each(n, atATime, what) {
  let next = 0;
  const one = async () => {
    while (next < n) await what(next++);
  };
  await Promise.all(Array.from({ length: atATime }, one));
}

/** Until it is done, on a machine that is too busy now and then. */
async function surely(session, method, params) {
  for (;;) {
    try {
      return await session.call(method, params, { repeat: true, timeoutMs: 60_000 });
    } catch (error) {
      if (error.name === "ALREADY_EXISTS") return null;
      if (!error.retryable) throw error;
      await later(500);
    }
  }
}

process.on("unhandledRejection", (error) => say(`unhandled: ${error.stack}`));
const began = Date.now();
const sessions = await Promise.all(Array.from({ length: SESSIONS }, () => connect(url)));
await each(SWARMS, 50, (i) => {
  const metadata = { priority: ["high", "normal", "low"][i % 3], capabilities: [`c${i % 100}`] };
  return surely(sessions[i % SESSIONS], "swarm.create", { id: `swarm-${i}`, objective: `Objective ${i}${i % 1_000 === 7 ? " rare" : ""}`, metadata });
});
const [first] = sessions;
const worker = await first.swarm({ id: "worker", objective: "Works" });
worker.work(4, async ({ data }) => {
  if (data === "fail") throw Object.assign(new Error("no"), { retry: false });
  await later(100);
});
for (let i = 0; i < 50; i++) await surely(first, "task.submit", { task: { id: `fails-${i}`, description: "Fails", data: "fail", type: "failing" } });
await each(TASKS / BATCH, 4, (n) => {
  const task = (_, i) => ({ id: `task-${n}-${i}`, description: `Task ${i} of batch ${n}`, type: `type-${n % 20}`, capabilities: [`nobody-${i % 10}`] });
  return surely(sessions[n % SESSIONS], "task.submitBatch", { tasks: Array.from({ length: BATCH }, task) });
});
let isOver = false;
const living = (async () => {
  for (let n = 0; !isOver; n++, await later(200)) {
    await surely(first, "task.submit", { task: { id: `lives-${n}`, description: `Lives ${n}`, type: "living" } });
    // A swarm may be gone: its session was cut off, where the machine is too busy.
    await surely(first, "message.send", { from: "worker", to: `swarm-${n % SWARMS}`, type: "note", data: { n } }).catch((error) => say(error.message));
  }
})();
const stats = await surely(first, "stats.get", {});
say(`${stats.registry.activeSwarms} active swarms, ${stats.tasks.queueDepth} tasks wait, made in ${Math.round((Date.now() - began) / 1_000)} s`);

const browser = await launch(program);
const { page, main } = await look(browser, url);

// A fresh tab each time, as who comes by a deep link.
for (const [name, hash, row] of [
  ["overview", "#/", ".tile"],
  ["swarms", "#/swarms", ".tr"],
  ["tasks", "#/tasks", "td"],
]) {
  await page.goto("about:blank");
  await page.goto(`${url}/${hash}`);
  await main.locator(row).first().waitFor();
  const [paint, rows] = await page.evaluate(() => [performance.getEntriesByName("first-contentful-paint")[0]?.startTime, performance.now()]);
  say(`${name}: first paint after ${ms(paint)}, first rows after at most ${ms(rows)}`);
}

/** From the change of a filter to the rows that fit, in the tab. */
const filtered = (label, value, fits) =>
  page.evaluate(
    async ([label, value, fits]) => {
      const field = [...document.querySelectorAll(".filters label")].find((one) => one.firstChild.textContent === label)?.querySelector("select, input") ?? document.querySelector(".filters input[type=search]");
      const test = new RegExp(fits);
      const isThere = () => {
        const rows = [...document.querySelectorAll("main tbody tr, main .rows .tr")];
        return rows.length > 0 ? rows.every((row) => test.test(row.textContent)) : test.test("");
      };
      const began = performance.now();
      field.value = value;
      field.dispatchEvent(new Event(field.type === "search" ? "input" : "change", { bubbles: true }));
      while (!isThere()) await new Promise((drawn) => requestAnimationFrame(drawn));
      return performance.now() - began;
    },
    [label, value, fits],
  );
const clear = (hash) => page.evaluate((to) => ((location.hash = "#/nodes"), (location.hash = to)), hash);
for (const [hash, name, label, value, fits] of [
  ["#/tasks", "tasks by type", "Type", "type-3", "of batch (\\d*[02468])?3(?!\\d)"],
  ["#/tasks", "tasks that are dead, 50 of all", "Status", "dead", "Fails"],
  ["#/tasks", "tasks by capability", "Capability", "nobody-7", "Task \\d*7 of"],
  ["#/tasks", "tasks of a type that no task has", "Type", "none", "^$"],
  ["#/swarms", "swarms by a word that ten have", "objective", "rare", "rare"],
  ["#/swarms", "swarms by priority, a third", "Priority", "high", "high"],
  ["#/swarms", "swarms by capability, a hundred", "Capability", "c42", "c42"],
]) {
  const times = [];
  for (let i = 0; i < 3; i++) {
    await clear(hash);
    await main.locator(hash === "#/tasks" ? "td" : ".tr").first().waitFor();
    if (hash === "#/swarms") await main.getByText(`${(SWARMS + 1).toLocaleString("en")} swarms`).waitFor();
    times.push(await filtered(label, value, fits));
  }
  say(`${name}: ${times.map(ms).sort((a, b) => parseInt(a) - parseInt(b)).join(", ")}${label === "objective" ? ", of which 250 ms wait for more letters" : ""}`);
}

// What Redis is asked for statistics while twenty look on beside the tab.
for (const session of sessions) await surely(session, "stats.subscribe", { intervalMs: 1_000 });
await clear("#/");
await later(3_000);
const seen = await new Promise((done, fail) => {
  let text = "";
  const monitor = createConnection(Number(redisPort), "127.0.0.1", () => monitor.write("MONITOR\r\n"));
  monitor.on("data", (bytes) => (text += bytes)).on("error", fail);
  setTimeout(() => (monitor.destroy(), done(text)), WINDOW);
});
const reads = seen.split("\n").filter((line) => / lua\] "HGETALL" "[^"]*sys:task-statistics"/.test(line)).length;
say(`${reads} reads of statistics in ${WINDOW / 1_000} s, by ${SESSIONS + 1} viewers`);

// The heap of the tab, which goes from page to page.
const cdp = await page.context().newCDPSession(page);
const heap = async () => {
  await cdp.send("HeapProfiler.collectGarbage");
  return Math.round((await cdp.send("Runtime.getHeapUsage")).usedSize / 1_024);
};
const pages = ["#/", "#/swarms", "#/tasks", "#/swarms/worker", "#/nodes", "#/events"];
for (let minute = 0; minute <= Number(minutes); minute++) {
  for (const hash of minute === 0 ? ["#/swarms", "#/"] : pages) {
    await clear(hash);
    await later(60_000 / pages.length);
  }
  await clear("#/");
  await later(1_000);
  say(`heap after ${minute} minutes of going about: ${await heap()} KB`);
}
isOver = true;
await living;
await browser.close();
process.exit(0);
