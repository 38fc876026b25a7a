// What is done by a button: asks where it matters, says what came of it.
import { h, ask } from "/dashboard/dom.js";
import { call } from "/dashboard/live.js";

const toasts = h("div", { id: "toasts", role: "status", "aria-live": "polite" });
document.body.append(toasts);

export function toast(text, kind = "good") {
  const one = h(`div.toast.${kind}`, text);
  toasts.append(one);
  setTimeout(() => one.remove(), 6_000);
}

/** Does it, and tells; the answer, or null when it was refused. */
export async function perform(label, method, params) {
  try {
    const answer = await call(method, params);
    if (!answer) throw new Error(`this server has no ${method}`);
    toast(`${label}: done`);
    return answer;
  } catch (error) {
    toast(`${label}: ${error.message}`, "bad");
    return null;
  }
}

/** A button that calls a method; with `confirm` it asks first. */
export function act(label, method, params, { confirm, then, kind = "" } = {}) {
  const click = async (event) => {
    event.preventDefault();
    if (confirm && !(await ask(label, confirm, label))) return;
    const answer = await perform(label, method, params);
    if (answer) then?.(answer);
  };
  return h(`button${kind && `.${kind}`}`, { type: "button", onclick: click, "data-method": method, "data-key": `${method} ${Object.values(params)[0] ?? ""}` }, label);
}
