// Pages by the part of the address after #, one refresh a second while somebody looks, and what is true of all pages.
import { h, fill, setText } from "/dashboard/dom.js";
import { live, start, state, client, stats } from "/dashboard/live.js";
import overview from "/dashboard/overview.js";
import swarms from "/dashboard/swarms.js";
import swarm from "/dashboard/swarm.js";
import tasks from "/dashboard/tasks.js";
import task from "/dashboard/task.js";
import { resources, conflicts, nodes, events } from "/dashboard/lists.js";

const PAGES = [
  ["", "Overview", overview],
  ["swarms", "Swarms", swarms, swarm],
  ["tasks", "Tasks", tasks, task],
  ["resources", "Resources", resources],
  ["conflicts", "Conflicts", conflicts],
  ["nodes", "Nodes", nodes],
  ["events", "Events", events],
];
const SECOND = 1_000;

const main = document.getElementById("main");
const notice = document.getElementById("notice");
let page = null;
let refreshing = false;

function show() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [name, ...rest] = path.split("/");
  const found = PAGES.find(([id]) => id === name) ?? PAGES[0];
  const id = rest.length ? safelyDecoded(rest.join("/")) : null;
  page?.end?.();
  page = (id && found[3] ? found[3] : found[2])({ id, query: new URLSearchParams(query) });
  main.replaceChildren(h("h1", page.title), page.element);
  document.title = `${page.title} · Coordinator`;
  for (const link of document.querySelectorAll("#nav a")) {
    if (link.dataset.page === found[0]) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  page.stats?.();
  refresh();
}

function safelyDecoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function refresh() {
  if (refreshing || document.hidden || state !== "open") return;
  refreshing = true;
  const current = page;
  try {
    await current.refresh?.();
    if (notice.dataset.by === "page") say("");
  } catch (error) {
    if (current === page && error.name !== "CONNECTION_LOST") say(error.message, "page");
  } finally {
    refreshing = false;
    if (current !== page) refresh();
  }
}

function say(text, by = "") {
  setText(notice, text);
  notice.hidden = !text;
  notice.dataset.by = by;
}

function askForToken({ error, tried }) {
  const input = h("input", { type: "password", name: "token", autocomplete: "off", required: true, id: "token" });
  const enter = (event) => {
    event.preventDefault();
    say("");
    start(input.value);
    show();
  };
  page?.end?.();
  page = { title: "Sign in" };
  const why = tried ? error.message : "This server asks for a token. It stays in this page's memory and nowhere else.";
  main.replaceChildren(h("form.card.sign-in", { onsubmit: enter }, h("h1", "Sign in"), h("p", why), h("label", { for: "token" }, "Token"), input, h("button.primary", { type: "submit" }, "Sign in")));
  input.focus();
}

const WORDS = { connecting: "connecting", open: "live", lost: "reconnecting", refused: "not connected" };
live.addEventListener("state", () => {
  const box = document.getElementById("state");
  const node = client?.welcome?.node;
  fill(box, h(`span.dot.is-${state}`, { "aria-hidden": "true" }), h("span", { title: node ?? "" }, WORDS[state]));
  document.body.dataset.state = state;
  if (state === "open") refresh();
});
live.addEventListener("stats", () => {
  page?.stats?.();
  document.body.dataset.paused = stats.tasks.paused === true;
});
live.addEventListener("needs-token", askForToken);
addEventListener("hashchange", () => {
  if (page?.title === "Sign in") return;
  show();
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
});
document.addEventListener("visibilitychange", refresh);
setInterval(refresh, SECOND);

document.getElementById("nav").append(...PAGES.map(([id, title]) => h("a", { href: `#/${id}`, "data-page": id }, title)));
document.getElementById("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
});
addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, select, textarea, dialog")) return;
  const asked = Number(event.key);
  if (asked >= 1 && asked <= PAGES.length) location.hash = `#/${PAGES[asked - 1][0]}`;
  if (event.key === "/") {
    event.preventDefault();
    main.querySelector("input[type=search]")?.focus();
  }
});

start();
show();
