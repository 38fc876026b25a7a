"""A worker whose handler does what harms a client: each harm is told as the end of its own task, and the next one goes on."""
import asyncio, sys
import multiswarm


class Missing(Exception):
    retry = object()


async def handler(task, work):
    match task["description"]:
        case "large": return "x" * 2_000_000
        case "unwritable": return {1}
        case "number": return float("nan")
        case "wordy": raise ValueError("x" * 3_000_000)
        case "odd": raise Missing
        case "progress": await work.progress("x" * 2_000_000)
        case "cancelled": raise asyncio.CancelledError
    return "done"


def broken(_):
    raise ValueError("a listener's")


async def main():
    client = await multiswarm.connect(sys.argv[1])
    lost, told = [], []
    asyncio.get_running_loop().set_exception_handler(lambda _, what: told.append(what["exception"]))
    client.on("lost", lost.append)
    client.on("task.assigned", broken)
    swarm = await client.swarm(id="harmed", objective="o")
    swarm.work(1, handler)
    for kind in ["large", "unwritable", "number", "wordy", "odd", "progress", "cancelled", "none"]:
        task = {"id": kind, "description": kind, "maxAttempts": 1}
        await client.submit(task)
        ended = await client.await_task(kind)
        print(kind, ended["status"], (ended.get("error") or {}).get("name", ""), flush=True)
    for params in ({"swarmId": "x" * 2_000_000}, {"swarmId": {1}}):
        try: await client.call("swarm.get", params, repeat=True)
        except multiswarm.CoordinationError as error: print("call", error.name, flush=True)
    assert told and all(isinstance(error, ValueError) for error in told), told
    print("lost", len(lost), flush=True)
    await client.close()


asyncio.run(main())
