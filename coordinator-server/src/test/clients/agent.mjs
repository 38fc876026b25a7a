// Lists and calls every tool of a server with a public client of MCP: agent.mjs URL modern|legacy
import assert from "node:assert/strict";

const [url, era] = process.argv.slice(2);
const { Client, StreamableHTTPClientTransport } =
  era === "modern"
    ? await import("@modelcontextprotocol/client")
    : {
        ...(await import("@modelcontextprotocol/sdk/client/index.js")),
        ...(await import("@modelcontextprotocol/sdk/client/streamableHttp.js")),
      };
const options = era === "modern" ? { versionNegotiation: { mode: { pin: "2026-07-28" } } } : {};
const client = new Client({ name: "referee", version: "1" }, options);
await client.connect(new StreamableHTTPClientTransport(new URL(url)));

async function call(name, args) {
  const result = await client.callTool({ name, arguments: args });
  assert.ok(!result.isError, JSON.stringify(result));
  assert.ok(result.content[0].text.length > 0);
  return result.structuredContent;
}

const { tools } = await client.listTools();
assert.deepEqual(tools.map((tool) => tool.name),
  ["join", "next", "report", "send", "reserve", "submit", "status", "steer"]);
const { handle, cursor } = await call("join", { name: `${era}-agent`, role: "tries" });
const { ids } = await call("submit", { tasks: [{ description: "one" }, { description: "two" }] });
const { task } = await call("next", { handle, cursor });
assert.ok(ids.includes(task.id));
const report = (status) => call("report", { handle, task: task.id, attempt: task.attempt, status });
await report("progress");
await report("done");
await call("send", { handle, to: "all", text: "done" });
await call("steer", { action: "cancel", task: ids.find((id) => id !== task.id) });
assert.equal((await call("status", { id: task.id })).status, "completed");
const refused = await client.callTool({ name: "reserve", arguments: { handle, resources: { none: 1 } } });
assert.ok(refused.isError);
const { contents } = await client.readResource({ uri: `multiswarm://task/${task.id}` });
assert.equal(JSON.parse(contents[0].text).task.status, "completed");
await client.close();
console.log("tried every tool");
