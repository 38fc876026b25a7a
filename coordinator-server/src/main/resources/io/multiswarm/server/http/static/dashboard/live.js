// The connection, what this session may do, and the numbers of the last minutes.
import { Coordinator } from "/clients/multiswarm.js";

const KEPT = 600; // seconds of the charts
const WINDOW = 6; // seconds that a rate is the mean of
const MISSING = new Set(); // methods that this server does not have

export const live = new EventTarget(); // "state", "stats", "needs-token"
export const series = { t: [], messages: [], done: [], depth: [], assigned: [], swarms: [], latency: [] };
export let client = null;
export let stats = null;
export let state = "connecting"; // open, lost, refused
let another = null; // makes a connection with the same token
let hasToken = false;
const seen = []; // of the last seconds, for what happened in one

const tell = (event) => live.dispatchEvent(new Event(event));
const become = (next) => ((state = next), tell("state"));

/** The token stays in this closure's memory: it is in no storage, no address and no cookie. */
export function start(token) {
  client?.close();
  hasToken = token != null;
  const address = location.origin.replace(/^http/, "ws");
  const fleet = new URLSearchParams(location.search).get("fleet") ?? undefined; // of a server that serves several
  const connect = () => new Coordinator(address, { token, fleet, client: { name: "dashboard" } });
  const mine = connect();
  client = mine;
  another = connect;
  mine.on("open", () => {
    become("open");
    if (!document.hidden) subscribe();
  });
  mine.on("lost", () => become("lost"));
  mine.on("stats.update", took);
  mine.on("closed", (error) => {
    if (mine !== client) return;
    become("refused");
    if (error.name === "UNAUTHENTICATED") live.dispatchEvent(Object.assign(new Event("needs-token"), { error, tried: token != null }));
  });
}

function subscribe() {
  client.call("stats.subscribe", { intervalMs: 1_000 }, { wait: false }).catch(() => {});
}

document.addEventListener("visibilitychange", () => {
  if (!client?.isOpen) return;
  if (document.hidden) client.call("stats.unsubscribe", {}, { wait: false }).catch(() => {});
  else subscribe();
});

function took(next) {
  if (document.hidden) return;
  const now = Date.now() / 1_000;
  seen.push({ at: now, stats: next });
  while (seen.length > 2 && now - seen[0].at > WINDOW) seen.shift();
  const first = seen[0];
  const passed = now - first.at;
  // Counters are told in strides; after a restart they begin anew.
  const rate = (from, to) => (passed > 0 && passed < 3 * WINDOW && to >= from ? (to - from) / passed : null);
  const add = (name, value) => {
    series[name].push(value);
    if (series[name].length > KEPT) series[name].shift();
  };
  add("t", now);
  add("messages", rate(first.stats.messenger.messagesSent, next.messenger.messagesSent));
  add("done", rate(first.stats.tasks.tasksCompleted, next.tasks.tasksCompleted));
  add("depth", next.tasks.queueDepth + next.tasks.delayed);
  add("assigned", next.tasks.assigned);
  add("swarms", next.registry.activeSwarms);
  add("latency", next.health.commandLatency);
  stats = next;
  tell("stats");
}

export const latest = (name) => series[name].at(-1);

/** Whether the session may call what takes that scope. */
export function may(scope) {
  const scopes = client?.welcome?.scopes ?? [];
  return scopes.includes(scope) || scopes.includes("admin");
}

/** Whether it may be told what is said to that swarm. */
export const mayHear = (swarmId) => may("admin") || ((may("observe") || may("swarm")) && client.welcome.swarms.some((pattern) => matches(pattern, swarmId)));

const matches = (pattern, id) => new RegExp(`^${pattern.split("*").map((part) => part.replace(/[^\w]/g, "\\$&")).join(".*")}$`, "s").test(id);

/** Whether it may act for swarms, none of which it holds: administrators who said who they are. */
export const mayActForSwarms = () => may("admin") && hasToken;

/** Whether it may mend a swarm whose key is lost: also who needs no token, on the server's own machine. */
export const mayMendSwarms = () => may("admin") && (hasToken || ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname));

export const has = (method) => !MISSING.has(method);

/** Calls a method; null when this server does not have it. */
export async function call(method, params = {}) {
  if (MISSING.has(method)) return null;
  try {
    return await client.call(method, params, { wait: false });
  } catch (error) {
    if (error.name !== "METHOD_NOT_FOUND") throw error;
    MISSING.add(method);
    return null;
  }
}

/** Calls a method on a connection of its own, which ends: for what makes its session hold a swarm. */
export async function callApart(method, params) {
  const apart = another();
  try {
    return await apart.call(method, params);
  } finally {
    apart.close();
  }
}
