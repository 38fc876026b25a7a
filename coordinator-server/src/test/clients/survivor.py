"""Works, submits and talks until its standard input ends, and tells how often it did; then says what became of it all."""
import asyncio
import json
import sys

from multiswarm import CoordinationError, connect


async def main(urls):
    client = await connect(urls)
    problems, sessions, gaps, heard, submitted = [], [], [], [], []
    stopped = asyncio.Event()
    client.on("open", lambda welcome: sessions.append(welcome["node"]))
    client.on("gap", gaps.append)
    for event in ("error", "closed", "detached"):
        client.on(event, lambda what, event=event: None if stopped.is_set() else problems.append(f"{event}: {what!r}"))
    swarm = await client.swarm(objective="Survive")

    def hear(message, position):
        if message["payload"]["type"] == "count":
            heard.append(message["payload"]["data"])

    async def work(task, attempt):
        await asyncio.sleep(0.02)
        return task["data"]

    async def send(number):
        while True:
            try:
                return await swarm.send(swarm.id, "count", number)
            except CoordinationError as error:
                if error.name not in ("FENCED", "DEADLINE_EXCEEDED"):
                    raise

    async def until_told():
        await asyncio.to_thread(sys.stdin.read)
        stopped.set()

    await client.subscribe(f"swarm:{swarm.id}", hear)
    swarm.work(4, work)
    told = asyncio.create_task(until_told())
    while not stopped.is_set():
        await send(len(submitted))
        task = {"description": "Survive", "data": len(submitted), "maxAttempts": 100}
        submitted.append((await client.submit(task))["taskId"])
        print("progress", len(submitted), flush=True)
        await asyncio.sleep(0.01)
    await told
    ended = await asyncio.gather(*(client.await_task(task_id, timeout=60) for task_id in submitted))
    for _ in range(600):
        if len(heard) < len(submitted) and not gaps:
            await asyncio.sleep(0.05)
    await swarm.call("swarm.deregister")
    await client.close()
    verdict = {
        "tasks": len(submitted),
        "results": sum(task["status"] == "completed" and task["result"] == i for i, task in enumerate(ended)),
        "sent": len(submitted),
        "heard": len(heard),
        "inOrder": heard == sorted(set(heard)),
        "gaps": len(gaps),
        "sessions": len(sessions),
        "problems": problems,
    }
    print("verdict", json.dumps(verdict), flush=True)


asyncio.run(main(sys.argv[1:]))
