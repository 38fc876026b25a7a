"""A client of the multi-swarm coordinator, protocol multiswarm.v1: copy this file. Apache-2.0.
Needs Python 3.10 or newer and `websockets` 10 or newer. A lost connection is taken up again, at the next address: swarms
are attached with their keys, work goes on, subscriptions go on after the last message, and calls that waited are sent.
"""
from __future__ import annotations
import asyncio, contextlib, inspect, itertools, json, random, re, secrets  # noqa: E401
from typing import Any, Awaitable, Callable, Coroutine, Literal, TypedDict
import websockets
from websockets.exceptions import ConnectionClosed

MAX_QUEUED, MAX_TEXT = 10_000, 4_000  # calls that wait; characters that are told of what a handler raised
FIRST_PAUSE, LONGEST_PAUSE, PATIENCE = 0.1, 5.0, 10.0  # seconds; between connections; until one is open, or answers a ping
DROPPED = 4000  # our close of a connection that failed; the server takes it for a lost one
WAITING = {"task.await", "message.request", "resource.allocate", "conflict.resolve"}
REFUSED = {"UNAUTHENTICATED", "PERMISSION_DENIED", "INVALID_ARGUMENT"}  # of session.open: for good
Json = dict[str, Any]
Ask = Callable[[str, Json], Awaitable[Any]]
Position = TypedDict("Position", {"epoch": str, "offset": int})
class CoordinationError(Exception):
    """`name` is one of the server's, or CONNECTION_LOST (a call's outcome is unknown), or CLOSED."""
    def __init__(self, name: str, message: str, data: Json | None = None) -> None:
        super().__init__(f"{name}: {message}")
        self.name, self.message, self.data = name, message, data or {}
        self.retryable: bool = self.data.get("retryable") is True
class _Call:
    def __init__(self, method: str, params: Json, repeat: bool, urgent: bool, longest: int) -> None:
        self.method, self.repeat, self.urgent = method, repeat, urgent
        try: self.text = f'"method": {json.dumps(method)}, "params": {json.dumps(params, allow_nan=False)}}}'
        except (TypeError, ValueError, RecursionError) as e: raise CoordinationError("INVALID_ARGUMENT", str(e)) from None
        if len(self.text) > longest - 64: raise CoordinationError("PAYLOAD_TOO_LARGE", f"{method}: over {longest} bytes")
        self.answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    def end(self, error: CoordinationError | None, result: Any = None) -> None:
        if not self.answer.done(): self.answer.set_exception(error) if error else self.answer.set_result(result)
def _lost(why: str) -> CoordinationError: return CoordinationError("CONNECTION_LOST", why, {"retryable": True})
async def _given(value: Any, *args: Any) -> Any:
    result = value(*args) if callable(value) else value
    return await result if inspect.isawaitable(result) else result
async def connect(urls: str | list[str], *, token: Any = None, fleet: Any = None, patience: float = 30.0) -> Coordinator:
    """Connects to one of the addresses; `token` may be a function that gives a fresh one for each connection."""
    client = Coordinator([urls] if isinstance(urls, str) else urls, token, fleet)
    if not (await asyncio.wait([client.opened], timeout=patience))[0]:
        await client.close(_lost(f"cannot reach {urls}: {client.last_failure}"))
    return await client.opened

class Coordinator:
    def __init__(self, urls: list[str], token: Any = None, fleet: Any = None) -> None:
        self.welcome: Json = {}  # the answer of session.open
        self.is_open = False  # the session is open, and all that was there before is there again
        self.last_failure, self._token, self._connected, self._socket = "nothing was tried", token, False, None
        self._end: CoordinationError | None = None  # why this client is closed
        self._ids, self._fleet, self._pending, self._queue = itertools.count(1), fleet, dict[int, _Call](), list[_Call]()
        self._swarms, self._subscriptions = dict[str, Swarm](), dict[str, Subscription]()
        self._listeners, self._tasks = dict[str, list[Callable[[Any], Any]]](), set[asyncio.Task[Any]]()
        self._longest, self._most = 1 << 20, 64  # bytes of a call, for a longer one ends the connection; calls at a time
        self.opened: asyncio.Future[Coordinator] = asyncio.get_running_loop().create_future()
        self._running = self.spawn(self._run(urls))
    async def __aenter__(self) -> Coordinator: return self
    async def __aexit__(self, *_: object) -> None: await self.close()
    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)  # what nobody holds may be collected while it runs
        task.add_done_callback(self._tasks.discard)
        return task
    def on(self, event: str, listener: Callable[[Any], Any]) -> None:
        """Events: open, lost, closed, detached, fenced, gap, error, and every notification by its method."""
        self._listeners.setdefault(event, []).append(listener)
    def emit(self, event: str, value: Any) -> None:
        for listener in self._listeners.get(event, []):
            try: listener(value)
            except Exception as error:
                self._running.get_loop().call_exception_handler({"message": f"a listener of {event}", "exception": error})
    async def call(self, method: str, params: Json | None = None, *, timeout: float | None = 30.0,
                   repeat: bool = False, wait: bool = True, urgent: bool = False) -> Any:
        """`repeat`, for what may be sent twice: after UNAVAILABLE and a lost connection too. `wait=False`: now or never."""
        clock, params = asyncio.get_running_loop().time, {k: v for k, v in (params or {}).items() if v is not None}
        waits = params.get("timeoutMs", params.get("waitMs", 30_000)) / 1000 if method in WAITING else 0
        until = float("inf") if timeout is None else clock() + timeout + waits
        while True:
            if self._end: raise self._end
            if not (self._connected if urgent else wait or self.is_open): raise _lost(f"{method}: not connected")
            if len(self._queue) >= MAX_QUEUED: self._queue = [one for one in self._queue if not one.answer.done()]
            if len(self._queue) >= MAX_QUEUED: raise CoordinationError("RESOURCE_EXHAUSTED", "too many calls wait already")
            self._queue.append(call := _Call(method, params, repeat, urgent, self._longest))
            self._pump()
            try: return await asyncio.wait_for(call.answer, None if timeout is None else until - clock())
            except asyncio.TimeoutError: raise CoordinationError("DEADLINE_EXCEEDED", f"{method}: no answer") from None
            except CoordinationError as error:
                pause = error.data.get("retryAfterMs", 200 if error.name == "UNAVAILABLE" else 0) / 1000
                if not repeat or not pause or clock() + pause > until: raise
            await asyncio.sleep(pause * random.uniform(0.75, 1.25))
    async def swarm(self, *, key: str | None = None, **swarm: Any) -> Swarm:
        """Creates a swarm to act for; with its `key`, attaches one that exists."""
        attach = {"swarmId": swarm.get("id"), "key": key}
        made = await (self.call("swarm.attach", attach, repeat=True) if key else self.call("swarm.create", swarm))
        held = Swarm(self, made["swarm"]["id"], key or made["key"], made.get("leases", []))
        self._swarms[held.id] = held
        return held
    async def submit(self, task: Json, sender: str | None = None) -> Any:
        """Hands in a task. It has an id from here, so that it may be sent twice."""
        task = {"id": f"task-{secrets.token_hex(12)}", **task}
        return await self.call("task.submit", {"from": sender, "task": task}, repeat=True)
    async def await_task(self, task_id: str, timeout: float = float("inf")) -> Any:
        """The task when it has ended, however often the connection is lost meanwhile."""
        until = (clock := asyncio.get_running_loop().time)() + timeout
        while True:
            params = {"taskId": task_id, "timeoutMs": max(1, int(1000 * min(25, until - clock())))}
            try: return (await self.call("task.await", params, repeat=True))["task"]
            except CoordinationError as error:
                if error.name != "DEADLINE_EXCEEDED" or clock() >= until: raise
    async def subscribe(self, channel: str, handler: Callable[[Json, Position | None], Any], *, credit: int = 256,
                        since: Position | Literal["start"] | None = None, on_gap: Any = None) -> Subscription:
        """Calls `handler(message, position)` one by one; async or not. `since`: the last that was handled, or "start"."""
        if channel in self._subscriptions: raise CoordinationError("ALREADY_EXISTS", f"{channel} is subscribed")
        subscription = Subscription(self, channel, handler, on_gap or (lambda gap: self.emit("gap", gap)), credit, since)
        self._subscriptions[channel] = subscription
        await self.begin(subscription, repeat=True)
        if subscription.end: raise subscription.end
        return subscription
    async def close(self, error: CoordinationError | None = None) -> None:
        """Says goodbye: the swarms are interrupted, and their tasks go to others at once."""
        if not self._end:
            self._end = error = error or CoordinationError("CLOSED", "this client was closed")
            for one in [*self._subscriptions.values(), *self._swarms.values()]: self.forget(one, error)  # type: ignore
            self._lose(error)
            if not self.opened.done(): self.opened.set_exception(error)
            self.emit("closed", error)
        self._running.cancel()
        if self._running is not asyncio.current_task(): await asyncio.wait([self._running])
    async def _run(self, urls: list[str]) -> None:
        clock, pause = asyncio.get_running_loop().time, FIRST_PAUSE
        for url in itertools.cycle(urls):
            self.welcome, begun = {}, clock()
            code, reason = await self._connection(re.sub(r"^(wss?://[^/]+)/?$", r"\1/v1/ws", re.sub("^http", "ws", url)))
            self.last_failure = f"{reason or 'closed'} ({code})"
            self._lose(_lost(f"the connection was lost: {self.last_failure}"))
            self.emit("lost", {"code": code, "reason": reason})
            if 4500 <= code <= 4999 and not (code == 4500 and self.welcome and callable(self._token)):  # it has a fresh one
                await self.close(CoordinationError("UNAUTHENTICATED" if code == 4500 else "CLOSED", self.last_failure))
            pause = FIRST_PAUSE if self.welcome and clock() - begun > LONGEST_PAUSE else min(LONGEST_PAUSE, pause * 2)
            hint = re.search(r"after (\d+) ms", reason)  # of a node that drains
            await asyncio.sleep(max(int(hint[1]) / 1000 if hint else 0, pause * random.uniform(0.5, 1)))
    async def _connection(self, url: str) -> tuple[int, str]:
        """One connection, from its beginning to its end."""
        how: Any = {"max_size": 64 << 20, "open_timeout": PATIENCE, "ping_timeout": PATIENCE, "close_timeout": 1}
        try: self._socket = socket = await websockets.connect(url, subprotocols=["multiswarm.v1"], **how)  # type: ignore
        except Exception as error: return 0, str(error) or type(error).__name__  # of many kinds
        opening = self.spawn(self._open(socket))
        try:
            while True: self._received(json.loads(await socket.recv()))
        except ConnectionClosed as closed:
            end = closed.rcvd or closed.sent
            return (end.code, end.reason) if end else (1006, "")
        except Exception as error: return 0, f"no server of ours: {error!r}"
        finally:
            opening.cancel()
            await socket.close(1000 if self._end else DROPPED)
    async def _open(self, socket: Any) -> None:
        """Coming back: attach what was held, subscribe to what was subscribed, then send what waits."""
        how: Any = {"urgent": True, "timeout": None, "repeat": True}
        try:
            self._connected = True
            params = {"protocol": 1, "token": await _given(self._token), "fleet": self._fleet}
            limits = (welcome := await self.call("session.open", params, urgent=True, timeout=PATIENCE))["limits"]
            self._longest, self._most, self.welcome = limits["maxFrameBytes"], limits["maxInFlight"], welcome
            await asyncio.gather(*(self.begin(swarm, **how) for swarm in self._swarms.values()))
            await asyncio.gather(*(self.begin(one, **how) for one in self._subscriptions.values() if one.is_begun))
        except Exception as error:  # of the token's function, too
            if isinstance(error, CoordinationError) and error.name in REFUSED and not self.welcome: await self.close(error)
            return await socket.close(DROPPED, ascii(error)[:100])  # type: ignore[no-any-return]
        self.is_open = True
        if not self.opened.done(): self.opened.set_result(self)
        self.emit("open", self.welcome)
        for swarm in self._swarms.values(): swarm.want()
        self._pump()
    async def begin(self, owned: Swarm | Subscription, **how: Any) -> None:
        try: await owned.begin(lambda method, params: self.call(method, params, **how))
        except CoordinationError as error:
            if error.name == "CONNECTION_LOST": raise  # it begins again on the next one
            self.forget(owned, error)
    def forget(self, owned: Swarm | Subscription, error: CoordinationError) -> None:
        (self._swarms if isinstance(owned, Swarm) else self._subscriptions).pop(owned.id, None)  # type: ignore
        owned.ended(error)
    def _pump(self) -> None:
        """The server takes so many calls at a time; at most half of them may be such as wait for something."""
        waiting, rest, self._queue = sum(call.method in WAITING for call in self._pending.values()), iter(self._queue), []
        while len(self._pending) < self._most and (call := next(rest, None)):
            if call.answer.done(): continue
            waits = call.method in WAITING
            if self._connected if call.urgent else self.is_open and not (waits and waiting >= self._most / 2):
                waiting += waits
                self._pending[call_id := next(self._ids)] = call
                self.spawn(self._write(self._socket, f'{{"jsonrpc": "2.0", "id": {call_id}, {call.text}'))
            else: self._queue.append(call)
        self._queue += rest  # not looked at one by one, for there may be thousands
    async def _write(self, socket: Any, text: str) -> None:
        with contextlib.suppress(ConnectionClosed): await socket.send(text)  # which the reader finds too
    def _received(self, frame: Json) -> None:
        if "method" in frame:
            params = frame["params"]
            owned = self._subscriptions.get(params.get("channel")) or self._swarms.get(params.get("swarmId"))
            if owned: owned.notified(frame["method"], params)
            return self.emit(frame["method"], params)
        error = frame.get("error")  # half an answer ends the connection, and with it the call
        refusal = error and CoordinationError(error["data"]["name"], error["message"], error["data"])
        result, call = refusal or frame["result"], self._pending.pop(frame["id"], None)
        if call: call.end(refusal, result)
        self._pump()
    def _lose(self, error: CoordinationError) -> None:
        """What may be sent twice waits for the next connection, the outcome of the rest is unknown."""
        self._connected = self.is_open = False
        sent, waiting, self._pending = [*self._pending.values()], self._queue, {}
        kept = [call for call in [*(one for one in sent if one.repeat), *waiting] if not call.urgent]
        self._queue = [] if self._end else kept
        for call in {*sent, *waiting}.difference(self._queue): call.end(error)
class Subscription:
    """A channel that is read; `position` is that of the last message that was handled, or gap that was told."""
    def __init__(self, client: Coordinator, channel: str, handler: Any, on_gap: Any, credit: int, since: Any) -> None:
        self.client, self.channel, self.id, self.credit = client, channel, channel, credit
        self.position, self._received, self.is_begun, self.end = since, since, False, None
        self._handler, self._on_gap, self._unhandled, self._owed = handler, on_gap, 0, 0
        self._waiting: asyncio.Queue[Any] = asyncio.Queue()  # bounded by the credit
        self._handling = client.spawn(self._handle())
    async def begin(self, ask: Ask) -> None:
        if self._received == "start":
            page = await ask("channel.history", {"channel": self.channel, "limit": 1})
            self._received = self.position = {"epoch": page["epoch"], "offset": 0}
        credit = self.credit - self._unhandled - self._owed
        at = await ask("channel.subscribe", {"channel": self.channel, "since": self._received, "credit": credit})
        if not self._received:  # else what was asked for by `since` is yet to come
            self._received = self.position = {"epoch": at["epoch"], "offset": at["offset"]}
        self.is_begun = True
    def notified(self, method: str, params: Json) -> None:
        at = {"epoch": params["epoch"], "offset": params.get("offset", params.get("to"))} if "epoch" in params else None
        self._received = at or self._received
        self._unhandled += "message" in params  # a gap takes no credit
        self._waiting.put_nowait((params, at))  # what is only live has no position
    async def _handle(self) -> None:
        while True:
            params, at = await self._waiting.get()
            is_message = "message" in params
            try: await (_given(self._handler, params["message"], at) if is_message else _given(self._on_gap, params))
            except Exception as error: self.client.emit("error", error)
            self.position = at or self.position
            self._unhandled, self._owed = self._unhandled - is_message, self._owed + is_message
            if is_message and self._owed >= self.credit / 2:
                more, self._owed = {"channel": self.channel, "n": self._owed}, 0
                with contextlib.suppress(CoordinationError):  # coming back gives all of it
                    await self.client.call("channel.request", more, urgent=True, wait=False)
    def ended(self, error: Any) -> None: self.end, _ = error, self._handling.cancel()
    async def close(self) -> None:
        self.client.forget(self, CoordinationError("CLOSED", "unsubscribed"))
        with contextlib.suppress(CoordinationError):
            await self.client.call("channel.unsubscribe", {"channel": self.channel}, wait=False)
class Work:
    """An attempt at a task, which is cancelled when it is taken away; to tell progress renews its lease."""
    def __init__(self, swarm: Swarm, lease: Json, handler: Any) -> None:
        self.swarm, self.task, self.attempt, self.lease = swarm, lease["task"], lease["attempt"], lease["leaseMs"] / 1000
        self.previous: list[Json] = lease.get("previous", [])  # what became of the attempts before
        self.handling, self.is_over = swarm.client.spawn(_given(handler, self.task, self)), False
    def cancel(self) -> None: self.is_over, _ = True, self.handling.cancel()
    async def report(self, method: str, how: Json, **more: Any) -> Any:
        return await self.swarm.call(method, {"taskId": self.task["id"], "attempt": self.attempt, **more}, **how)
    async def progress(self, progress: Any = None) -> None:
        try: await self.report("task.extend", {"wait": False}, progress=progress)
        except CoordinationError as error:
            if error.name in ("FENCED", "NOT_FOUND"): self.cancel()
    async def run(self) -> None:
        how = {"repeat": True, "timeout": None}
        try:
            while not (await asyncio.wait([self.handling], timeout=self.lease / 3))[0]:
                if not self.swarm.renewed: await self.progress()
            itself = self.handling.cancelled() and asyncio.CancelledError("cancelled")
            if itself and self.is_over: raise CoordinationError("FENCED", f"{self.task['id']} was taken away")
            error: Any = itself or self.handling.exception()
            if not error:
                try: return await self.report("task.complete", how, result=self.handling.result())  # type: ignore
                except CoordinationError as refused:
                    if refused.name in ("FENCED", "CLOSED"): raise
                    error = refused  # too large, say
            what = {"name": str(getattr(error, "name", type(error).__name__))[:MAX_TEXT], "message": str(error)[:MAX_TEXT]}
            await self.report("task.fail", how, error=what, retry=getattr(error, "retry", True) is not False)
        except CoordinationError as lost: self.swarm.client.emit("fenced" if lost.name == "FENCED" else "error", lost)
class Swarm:
    """A swarm that this client acts for, and calls methods as; the event "detached" tells when it does so no more."""
    def __init__(self, client: Coordinator, id: str, key: str, leases: list[Json]) -> None:
        self.client, self.id, self.key, self.leases = client, id, key, leases
        self.renewed = False  # whether the server renews the leases: since the first task.request of an attachment
        self._slots, self._credit, self._attachment = 0, 0, 0  # credit that was given and not used
        self._running: dict[tuple[str, int], Work] = {}
        self._handler: Any = None
    async def call(self, method: str, params: Json | None = None, **how: Any) -> Any:
        whom = "from" if method.startswith("message.") else "swarmId"
        return await self.client.call(method, {whom: self.id, **(params or {})}, **how)
    async def send(self, to: str, type: str, data: Any) -> Any:
        """To a swarm, or to all: "*". It has an id from here, so that it may be sent twice."""
        message = {"to": to, "type": type, "data": data, "id": f"msg-{secrets.token_hex(12)}"}
        return await self.call("message.broadcast" if to == "*" else "message.send", message, repeat=True)
    def work(self, slots: int, handler: Callable[[Json, Work], Any]) -> None:
        """Works on so many tasks at a time: `handler(task, work)` gives the result, or raises."""
        self._slots, self._handler = slots, handler
        for lease in self.leases: self._take(lease)
        self.want()
    async def stop(self) -> None:
        """Takes no more tasks, and waits until those that run have ended."""
        self._slots = 0
        while self._running: await asyncio.sleep(0.05)
    async def begin(self, ask: Ask) -> None:
        self.leases = (await ask("swarm.attach", {"swarmId": self.id, "key": self.key}))["leases"]
        self._credit, self.renewed, self._attachment = 0, False, self._attachment + 1
        kept = {(lease["task"]["id"], lease["attempt"]) for lease in self.leases}
        for attempt, work in self._running.items():
            if attempt not in kept: work.cancel()
        for lease in self.leases if self._handler else (): self._take(lease)
    def ended(self, error: CoordinationError) -> None:
        self._slots = 0
        for work in self._running.values(): work.cancel()
        self.client.emit("detached", {"swarmId": self.id, "error": error})
    def notified(self, method: str, params: Json) -> None:
        work = self._running.get((params.get("taskId", ""), params.get("attempt", 0)))
        if method == "task.assigned":
            self._credit -= 1
            self._take(params)
        elif method == "task.revoked" and work: work.cancel()
        elif method == "swarm.detached" and params["reason"] == "interrupted":  # while its node was cut off
            self.client.spawn(self.client.begin(self, repeat=True, timeout=None)).add_done_callback(lambda _: self.want())
        elif method == "swarm.detached": self.client.forget(self, CoordinationError("FENCED", params["reason"]))
    def want(self, _: Any = None) -> None:
        """Gives credit for the free slots; when there are none, renews by hand what the server does not renew yet."""
        n = self._slots - len(self._running) - self._credit
        if self.client.is_open and n > 0:
            self._credit += n
            self.client.spawn(self._request(n, self._attachment))
        elif self.client.is_open and not self.renewed:
            for work in self._running.values(): self.client.spawn(work.progress())
    async def _request(self, n: int, attachment: int) -> None:
        try: await self.call("task.request", {"n": n, "autoExtend": True}, wait=False)
        except CoordinationError as error:
            if attachment != self._attachment or error.name == "CONNECTION_LOST": return  # coming back asks anew
            self._credit -= n
            if not error.retryable: return self.client.emit("error", error)
            await asyncio.sleep(error.data.get("retryAfterMs", 500) / 1000)
            return self.want()
        self.renewed = self.renewed or attachment == self._attachment
    def _take(self, lease: Json) -> None:
        attempt = (lease["task"]["id"], lease["attempt"])
        of = {"taskId": attempt[0], "attempt": attempt[1]}
        if attempt not in self._running and not self._slots: self.client.spawn(self.call("task.release", of, repeat=True))
        elif attempt not in self._running:  # else it went on while there was no connection
            self._running[attempt] = work = Work(self, lease, self._handler)
            self.client.spawn(work.run()).add_done_callback(lambda _: self.want(self._running.pop(attempt)))
