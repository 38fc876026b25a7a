// Compiled, not run: what the types of the client allow, and what they refuse.
import { connect, CoordinationError } from "./multiswarm.js";

const client = await connect(["ws://a:8080", "ws://b:8080"], { token: async () => "secret" });
const session: string = client.welcome!.session;
const { swarm } = await client.call("swarm.get", { swarmId: session });
const capabilities: string[] = swarm.metadata.capabilities ?? [];
// @ts-expect-error: there is no such method
await client.call("swarm.gte", { swarmId: session });
// @ts-expect-error: the parameter has another name
await client.call("swarm.get", { id: session });
// @ts-expect-error: a swarm has no such member
swarm.capabilities;

const held = await client.swarm({ objective: "Try the types", metadata: { capabilities } });
held.work(2, async (task, { attempt, signal, progress }) => {
  await progress({ attempt });
  return signal.aborted ? null : { was: task.description.length };
});
await held.call("state.save", { state: {} }, { repeat: false });
const task = await client.awaitTask((await client.submit({ description: "one" })).taskId);
const ended: boolean = task.status === "completed" || task.status === "dead";
// @ts-expect-error: a task has no such state
task.status === "done";

const subscription = await client.subscribe("swarm:events", (message, position) => console.log(message.payload.type, position?.offset, ended));
const offset: number = subscription.position.offset;
client.on("stats.update", ({ registry }) => console.log(registry.activeSwarms, offset));
client.on("closed", (error: CoordinationError) => error.name === "UNAUTHENTICATED" && error.retryable);
// @ts-expect-error: there is no such event
client.on("opened", () => {});
