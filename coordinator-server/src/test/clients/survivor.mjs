// Works, submits and talks until its standard input ends, and tells how often it did; then says what became of it all.
import { createInterface } from "node:readline";
import { connect } from "./multiswarm.js";

const client = await connect(process.argv.slice(2));
const problems = [];
const sessions = [];
let gaps = 0;
client.on("open", ({ node }) => sessions.push(node));
for (const event of ["error", "closed", "detached"]) client.on(event, (what) => stopped || problems.push(`${event}: ${what.message ?? what.error}`));
client.on("gap", () => gaps++);

let stopped = false;
const done = new Map();
const heard = [];
const swarm = await client.swarm({ objective: "Survive" });
await client.subscribe(`swarm:${swarm.id}`, ({ payload }) => {
  if (payload.type === "count") heard.push(payload.data);
});
swarm.work(4, async (task) => {
  await new Promise((later) => setTimeout(later, 20));
  done.set(task.id, (done.get(task.id) ?? 0) + 1);
  return task.data;
});

createInterface({ input: process.stdin }).on("close", () => (stopped = true));
const submitted = [];
let sent = 0;
const send = async () => {
  const number = sent++;
  for (;;) {
    const told = await swarm.send(swarm.id, "count", number).catch((error) => error);
    if (!(told instanceof Error)) return;
    if (told.name !== "FENCED" && told.name !== "DEADLINE_EXCEEDED") throw told;
  }
};
while (!stopped) {
  await send();
  submitted.push((await client.submit({ description: "Survive", data: submitted.length, maxAttempts: 100 })).taskId);
  console.log("progress", submitted.length);
  await new Promise((later) => setTimeout(later, 10));
}
const ended = await Promise.all(submitted.map((id) => client.awaitTask(id, 60_000)));
for (let wait = 0; wait < 600 && heard.length < sent && gaps === 0; wait++) await new Promise((later) => setTimeout(later, 50));
const results = ended.filter(({ status, result }, i) => status === "completed" && result === i).length;
const inOrder = heard.every((number, i) => i === 0 || number > heard[i - 1]);
await swarm.call("swarm.deregister", {});
client.close();
console.log("verdict", JSON.stringify({ tasks: submitted.length, results, sent, heard: heard.length, inOrder, gaps, sessions: sessions.length, problems }));
