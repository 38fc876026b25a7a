// A worker whose handler does what harms a client: each harm is told as the end of its own task, and the next one goes on.
import { connect } from "./multiswarm.js";

const circle = {};
circle.of = circle;
const handler = async (task, work) => {
  switch (task.description) {
    case "large": return "x".repeat(2_000_000);
    case "unwritable": return circle;
    case "number": return 10n;
    case "wordy": throw new Error("x".repeat(3_000_000));
    case "odd": throw undefined;
    case "progress": await work.progress("x".repeat(2_000_000));
  }
  return "done";
};

const client = await connect(process.argv[2]);
let lost = 0;
client.on("lost", () => lost++);
const swarm = await client.swarm({ id: "harmed", objective: "o" });
swarm.work(1, handler);
for (const kind of ["large", "unwritable", "number", "wordy", "odd", "progress", "none"]) {
  await client.submit({ id: kind, description: kind, maxAttempts: 1 });
  const { status, error } = await client.awaitTask(kind);
  console.log(kind, status, error?.name ?? "");
}
for (const swarmId of ["x".repeat(2_000_000), circle]) {
  await client.call("swarm.get", { swarmId }, { repeat: true }).catch((error) => console.log("call", error.name));
}
console.log("lost", lost);
client.close();
