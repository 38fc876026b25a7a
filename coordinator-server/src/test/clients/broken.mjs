// A client before a server that is broken in every way, and then whole: what it made of that.
import { connect } from "./multiswarm.js";

// The pause before another connection is what is waited for next after "lost"; here it takes no time.
const [later, pauses] = [globalThis.setTimeout, []];
let isPause = false;
globalThis.setTimeout = (action, ms, ...more) => {
  if (isPause) pauses.push(ms), (ms = 0);
  isPause = false;
  return later(action, ms, ...more);
};

const client = await connect(process.argv[2]);
client.on("lost", () => (isPause = true));
const closed = new Promise((resolve) => client.on("closed", resolve));
const calls = Array.from({ length: 1_000 }, (_, n) => client.call("stats.get", { n }, { repeat: true, timeoutMs: 120_000 }));
console.log("answered", new Set((await Promise.all(calls)).map(({ n }) => n)).size);
console.log("growing", pauses.at(-1) > 1_000);
client.call("leader.get").catch(() => {});
console.log("closed", (await closed).name);
const silent = await connect(process.argv[3], { patienceMs: 300 }).catch((error) => error);
console.log("silent", silent.name);
process.exit();
