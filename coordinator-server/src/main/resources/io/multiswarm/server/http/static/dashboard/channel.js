// What is said on channels, live: the newest first, so many lines and no more.
import { h, clock, line } from "/dashboard/dom.js";
import { client } from "/dashboard/live.js";

const KEPT = 300;
const EARLIER = 50;

export function channelLog(channels, title) {
  const rows = h("tbody");
  const empty = h("p.empty", "Nothing was said yet.");
  const words = h("input", { type: "search", placeholder: "Filter", "aria-label": `Filter: ${title}` });
  const subscriptions = [];
  const waiting = [];
  let of = null; // the client that it is subscribed by
  let frame = 0;

  const shows = (row) => !words.value || row.textContent.toLowerCase().includes(words.value.toLowerCase());
  words.addEventListener("input", () => {
    for (const row of rows.children) row.hidden = !shows(row);
  });

  const row = (channel, message) => h("tr", h("td", h("time", clock(message.timestamp ?? Date.now()))), channels.length > 1 && h("td", channel.replace("swarm:", "")), h("td", message.swarmId ?? ""), h("td", h("span.badge", message.payload?.type ?? "?")), h("td.said", line(message.payload?.data ?? message.payload, 400)));

  function add(one) {
    waiting.push(one);
    if (waiting.length > KEPT) waiting.shift();
    if (!frame) frame = setTimeout(draw, 1_000 / 2);
  }

  function draw() {
    frame = 0;
    empty.hidden = true;
    const added = waiting.splice(0).reverse();
    for (const one of added) one.hidden = !shows(one);
    rows.prepend(...added);
    while (rows.childElementCount > KEPT) rows.lastElementChild.remove();
  }

  /** May be called again and again; goes on where it was after a lost connection. */
  async function begin() {
    if (of === client) return;
    of = client;
    for (const channel of channels) {
      try {
        const earlier = await client.call("channel.history", { channel, limit: EARLIER }, { wait: false });
        for (const { message } of earlier.messages) add(row(channel, message));
        const since = { epoch: earlier.epoch, offset: earlier.last };
        const onGap = ({ from, to }) => add(h("tr.gap", h("td", { colspan: 5 }, `${channel}: messages ${from} to ${to} are gone`)));
        const subscription = await client.subscribe(channel, (message) => add(row(channel, message)), { since, onGap });
        if (of === null) subscription.close();
        else subscriptions.push(subscription);
      } catch (error) {
        if (error.name === "NOT_FOUND" || error.name === "PERMISSION_DENIED") add(h("tr.gap", h("td", { colspan: 5 }, error.message)));
        else of = null;
      }
    }
  }

  const heads = ["When", ...(channels.length > 1 ? ["Channel"] : []), "By", "Type", "What"];
  return {
    element: h("section", h("div.row", h("h2", title), words), h("div.scroll", { tabindex: "0", role: "region", "aria-label": title }, h("table.log", h("caption", title), h("thead", h("tr", heads.map((head) => h("th", { scope: "col" }, head)))), rows)), empty),
    begin,
    end() {
      of = null;
      clearTimeout(frame);
      for (const subscription of subscriptions.splice(0)) subscription.close();
    },
  };
}
