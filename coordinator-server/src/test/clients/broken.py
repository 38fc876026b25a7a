"""A client before a server that is broken in every way, and then whole: what it made of that."""
import asyncio, logging, sys
import multiswarm

# The pause before another connection is what is waited for next after "lost"; here it takes no time.
later, pauses, is_pause = asyncio.sleep, [], []


async def sleep(seconds, *more):
    if is_pause:
        is_pause.clear()
        pauses.append(seconds)
        seconds = 0
    return await later(seconds, *more)


async def main():
    asyncio.sleep = sleep
    dial = multiswarm.websockets.connect
    multiswarm.websockets.connect = lambda url, **how: dial(url, **{**how, "close_timeout": 0.1})
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # it warns of each write to a socket that is gone
    client = await multiswarm.connect(sys.argv[1])
    client.on("lost", is_pause.append)
    closed = asyncio.get_running_loop().create_future()
    client.on("closed", closed.set_result)
    calls = (client.call("stats.get", {"n": n}, repeat=True, timeout=120) for n in range(1_000))
    print("answered", len({answer["n"] for answer in await asyncio.gather(*calls)}), flush=True)
    print("growing", str(pauses[-1] > 1).lower(), flush=True)
    ending = asyncio.ensure_future(client.call("leader.get"))
    print("closed", (await closed).name, flush=True)
    await asyncio.wait([ending])
    assert ending.exception()
    try: await multiswarm.connect(sys.argv[2], patience=0.3)
    except multiswarm.CoordinationError as error: print("silent", error.name, flush=True)


asyncio.run(main())
