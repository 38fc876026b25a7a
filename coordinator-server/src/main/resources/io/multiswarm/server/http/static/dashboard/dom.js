// Elements and words. Every text becomes a text node: nothing that a client sent is read as markup.

/** `h("td.right", { title }, "text", child)`; attributes that are null or false are left out. */
export function h(what, ...rest) {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const part of rest.flat(3)) {
    if (part == null || part === false) continue;
    if (part instanceof Node) element.append(part);
    else if (typeof part === "object") attributes(element, part);
    else element.append(String(part));
  }
  return element;
}

function attributes(element, given) {
  for (const [name, value] of Object.entries(given)) {
    if (value == null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
}

let isPressed = false;
for (const event of ["pointerdown", "pointerup", "pointercancel"]) addEventListener(event, () => (isPressed = event === "pointerdown"), true);

/** Replaces what an element has, unless that would look the same or somebody is about to click; the focus stays. */
export function fill(element, ...children) {
  const made = h("div", children);
  if (isPressed || element.innerHTML === made.innerHTML) return;
  const focused = element.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  element.replaceChildren(...made.childNodes);
  if (focused) element.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

export const setText = (node, text) => node.textContent === String(text) || (node.textContent = text);

const NUMBER = new Intl.NumberFormat("en");
const SHORT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const TIME = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

export const number = (n) => (n == null ? "–" : NUMBER.format(n));
export const short = (n) => (n == null ? "–" : Math.abs(n) < 10_000 ? NUMBER.format(Math.round(n * 10) / 10) : SHORT.format(n));
export const clock = (ms) => TIME.format(ms);

/** In the reader's zone; the whole date is the title. */
export const time = (ms) => h("time", { datetime: new Date(ms).toISOString(), title: DATE.format(ms) }, TIME.format(ms));
export const date = (ms) => h("time", { datetime: new Date(ms).toISOString() }, DATE.format(ms));

export function duration(ms) {
  if (ms == null) return "–";
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const s = ms / 1_000;
  if (s < 60) return `${s < 10 ? s.toFixed(1) : Math.round(s)} s`;
  if (s < 3_600) return `${Math.floor(s / 60)} m ${Math.round(s % 60)} s`;
  return s < 86_400 ? `${Math.floor(s / 3_600)} h ${Math.floor((s % 3_600) / 60)} m` : `${Math.floor(s / 86_400)} d ${Math.floor((s % 86_400) / 3_600)} h`;
}

export const ago = (ms) => h("time", { datetime: new Date(ms).toISOString(), title: DATE.format(ms) }, since(Date.now() - ms));
const since = (ms) => (ms < 1_000 ? "now" : `${duration(ms)} ago`);
export const badge = (word, kind = word) => h(`span.badge.is-${/^[a-z_]+$/.test(kind) ? kind : "other"}`, word);
export const swarmLink = (id) => (id ? h("a", { href: `#/swarms/${encodeURIComponent(id)}`, "data-key": `s ${id}` }, id) : "–");
export const taskLink = (id) => h("a.mono", { href: `#/tasks/${encodeURIComponent(id)}`, "data-key": `t ${id}` }, id);
export const json = (value) => h("pre", { tabindex: "0" }, typeof value === "string" ? value : JSON.stringify(value, null, 2));
export const line = (value, most = 160) => {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text == null ? "" : text.length > most ? `${text.slice(0, most)}…` : text;
};

export function table(caption, heads, rows, empty = "Nothing.") {
  if (rows.length === 0) return h("p.empty", empty);
  const head = heads.map((one) => h("th", { scope: "col" }, one));
  const body = rows.map((cells) => h("tr", cells.map((cell, i) => h("td", { "data-label": heads[i] }, cell))));
  return h("div.scroll", { tabindex: "0", role: "region", "aria-label": caption }, h("table", h("caption", caption), h("thead", h("tr", head)), h("tbody", body)));
}

/** Asks before something is done; resolves with the words of the fields, or null. */
export function ask(title, text, action, fields = []) {
  const dialog = document.getElementById("dialog");
  const inputs = fields.map((field) => h("label", field.label, h("input", { name: field.name, value: field.value ?? "" })));
  return new Promise((resolve) => {
    const answer = (value) => (dialog.close(), resolve(value));
    const values = () => Object.fromEntries([...dialog.querySelectorAll("input")].map((input) => [input.name, input.value]));
    const form = h("form", { method: "dialog", onsubmit: (event) => (event.preventDefault(), answer(values())) });
    form.append(h("h2", { id: "dialog-title" }, title), h("p", text), ...inputs);
    form.append(h("div.actions", h("button", { type: "button", onclick: () => answer(null) }, "Back"), h("button.primary", { type: "submit", autofocus: fields.length === 0 }, action)));
    dialog.oncancel = () => resolve(null);
    dialog.replaceChildren(form);
    dialog.showModal();
  });
}
