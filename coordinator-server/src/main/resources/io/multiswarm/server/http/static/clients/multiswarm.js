// A client of the multi-swarm coordinator, protocol multiswarm.v1: copy this file. It has no dependencies and runs in
// browsers and in Node 22 or newer; an older Node needs `npm install ws`. Types: multiswarm.d.ts. Apache-2.0.
// A lost connection is taken up again, at the next of the addresses: swarms are attached with their keys, work that
// runs goes on, subscriptions go on after the last message that came, and calls that waited are sent.
const [MAX_QUEUED, MAX_ERROR] = [10_000, 4_000]; // calls that wait; characters that are told of what a handler threw
const [FIRST_PAUSE, LONGEST_PAUSE] = [100, 5_000]; // between connections; the first again after one that lasted
const PATIENCE = 10_000; // with a connection, until it is open, or answers a ping
const DROPPED = 4000; // our close of a connection that seems dead; the server takes it for a lost one
const WAITING = new Set(["task.await", "message.request", "resource.allocate", "conflict.resolve"]);
const REFUSED = new Set(["UNAUTHENTICATED", "PERMISSION_DENIED", "INVALID_ARGUMENT"]); // of session.open: for good
const unique = (kind) => `${kind}-${[...crypto.getRandomValues(new Uint32Array(3))].map((n) => n.toString(36)).join("")}`;
const lost = (why) => new CoordinationError("CONNECTION_LOST", why, { retryable: true });
const address = (url) => url.replace(/^http/, "ws").replace(/^(wss?:\/\/[^/]+)\/?$/, "$1/v1/ws");

/** `name` is one of the server's, or CONNECTION_LOST (a call's outcome is unknown), or CLOSED. */
export class CoordinationError extends Error {
  constructor(name, message, data = {}) {
    super(message);
    Object.assign(this, { name, data, retryable: data.retryable === true });
  }
}

/** Connects to one of the addresses; resolves when the session is open, rejects after `patienceMs` (30 s). */
export async function connect(urls, options = {}) {
  const client = new Coordinator(urls, options);
  const late = () => client.close(lost(`cannot reach ${urls}: ${client.lastFailure}`));
  const timer = setTimeout(late, options.patienceMs ?? 30_000);
  return client.opened.finally(() => clearTimeout(timer));
}

export class Coordinator extends EventTarget {
  welcome = null; // the answer of session.open
  isOpen = false; // the session is open, and all that was there before is there again
  lastFailure = "nothing was tried";
  #socket = null; #connected = false; #over = () => {}; // the connection, whether it may be used, what ends it
  #ids = 0; #pending = new Map(); #queue = []; // calls that were sent, and calls that were not yet
  #swarms = new Map(); #subscriptions = new Map(); // what is taken up again on the next connection
  #end = null; // why this client is closed
  constructor(urls, options = {}) {
    super();
    this.options = options;
    this.opened = new Promise((resolve, reject) => (this.on("open", () => resolve(this)), this.on("closed", reject)));
    this.opened.catch(() => {}); // told by "closed" as well
    this.#run([urls].flat().map(address));
  }
  /** Events: open, lost, closed, detached, fenced, gap, error, and every notification. Gives what stops listening. */
  on(event, listener) {
    const heard = ({ detail }) => listener(detail);
    this.addEventListener(event, heard);
    return () => this.removeEventListener(event, heard);
  }
  emit(event, detail) { this.dispatchEvent(Object.assign(new Event(event), { detail })); }
  /** `repeat`, for what may be sent twice: after UNAVAILABLE and a lost connection too. `wait: false`: now or never. */
  call(method, params = {}, { timeoutMs = 30_000, ...how } = {}) {
    if (this.#end) return Promise.reject(this.#end);
    const mayGo = how.urgent ? this.#connected : this.isOpen;
    if (how.wait === false && !mayGo) return Promise.reject(lost(`${method}: not connected`));
    return new Promise((resolve, reject) => {
      const call = { method, params, waits: WAITING.has(method), ...how };
      const end = (error, result) => (error ? reject(error) : resolve(result));
      call.end = (...outcome) => (clearTimeout(call.timer), (call.ended = true), end(...outcome));
      const refuse = (name, why) => call.end(new CoordinationError(name, `${method}: ${why}`));
      if (this.#queue.length >= MAX_QUEUED) return refuse("RESOURCE_EXHAUSTED", `${MAX_QUEUED} calls wait already`);
      try { call.text = `"method":${JSON.stringify(method)},"params":${JSON.stringify(params)}}`; }
      catch (error) { return refuse("INVALID_ARGUMENT", error.message); } // a BigInt, a circle
      const patience = timeoutMs + (call.waits ? (params.timeoutMs ?? params.waitMs ?? 30_000) : 0);
      if (patience < 2 ** 31) call.timer = setTimeout(refuse, patience, "DEADLINE_EXCEEDED", "no answer in time");
      call.urgent ? this.#queue.unshift(call) : this.#queue.push(call);
      this.#pump();
    });
  }
  /** Creates a swarm to act for; with its `key`, attaches one that exists. */
  async swarm({ key, ...swarm }) {
    const made = key
      ? await this.call("swarm.attach", { swarmId: swarm.id, key }, { repeat: true })
      : await this.call("swarm.create", swarm);
    const held = new Swarm(this, made.swarm.id, key ?? made.key, made.leases ?? []);
    this.#swarms.set(held.id, held);
    return held;
  }
  /** Hands in a task. It has an id from here, so that it may be sent twice. */
  submit(task, from) {
    return this.call("task.submit", { from, task: { id: unique("task"), ...task } }, { repeat: true });
  }
  /** The task when it has ended, however often the connection is lost meanwhile. */
  async awaitTask(taskId, timeoutMs = Infinity) {
    const until = performance.now() + timeoutMs; // of a clock that nobody sets
    const round = () => Math.ceil(Math.max(1, Math.min(25_000, until - performance.now())));
    const late = (error) => error.name === "DEADLINE_EXCEEDED" && performance.now() < until ? null : Promise.reject(error);
    const ask = () => this.call("task.await", { taskId, timeoutMs: round() }, { repeat: true }).catch(late);
    for (let answer; ; ) if ((answer = await ask())) return answer.task;
  }
  /** Calls `handler(message, position)` one by one; it may be async. `since`: the last that was handled, or "start". */
  async subscribe(channel, handler, options = {}) {
    if (this.#subscriptions.has(channel)) throw new CoordinationError("ALREADY_EXISTS", `${channel} is subscribed`);
    const subscription = new Subscription(this, channel, handler, options);
    this.#subscriptions.set(channel, subscription);
    this.begin(subscription, { repeat: true });
    return subscription.begun;
  }
  /** Says goodbye: the swarms are interrupted, and their tasks go to others at once. */
  close(error = new CoordinationError("CLOSED", "this client was closed")) {
    if (this.#end) return;
    this.#end = error;
    this.#over({ code: 1000, reason: "closed" });
    this.#lose(error);
    for (const call of this.#queue.splice(0)) call.end(error);
    for (const owned of [...this.#subscriptions.values(), ...this.#swarms.values()]) this.forget(owned, error);
    this.emit("closed", error);
  }
  async #run(urls) {
    for (let turn = 0, pause = FIRST_PAUSE; !this.#end; turn++) {
      const { code, reason, openedAt } = await this.#connection(urls[turn % urls.length]);
      if (this.#end) return;
      this.lastFailure = `${reason} (${code})`;
      this.#lose(lost(`the connection was lost: ${this.lastFailure}`));
      this.emit("lost", { code, reason });
      const isExpired = code === 4500 && openedAt && typeof this.options.token === "function"; // it gives a fresh one
      const error = new CoordinationError(code === 4500 ? "UNAUTHENTICATED" : "CLOSED", this.lastFailure);
      if (code >= 4500 && code <= 4999 && !isExpired) this.close(error);
      pause = openedAt && performance.now() - openedAt > LONGEST_PAUSE ? FIRST_PAUSE : Math.min(LONGEST_PAUSE, pause * 2);
      const hint = Number(/after (\d+) ms/.exec(reason)?.[1] ?? 0); // of a node that drains
      await new Promise((done) => setTimeout(done, Math.max(hint, pause * (0.5 + Math.random() / 2))));
    }
  }
  /** One connection, from its beginning to its end. */
  async #connection(url) {
    const { token, client, fleet } = this.options; // a token may be a function that gives a fresh one
    let [socket, openedAt, failure, timers] = [null, 0, "closed", []];
    const ended = new Promise((resolve) => (this.#over = resolve));
    const [over, drop] = [this.#over, (reason) => over({ code: DROPPED, reason })];
    const failed = (error) => (!openedAt && REFUSED.has(error.name) ? this.close(error) : drop(error.message));
    const open = async () => {
      const params = { protocol: 1, client, fleet, token: await (typeof token === "function" ? token() : token) };
      this.#connected = true;
      this.welcome = await this.call("session.open", params, { urgent: true });
      openedAt = performance.now();
      const pinged = () => this.call("session.ping", {}, { urgent: true, timeoutMs: PATIENCE });
      const ping = () => pinged().catch(() => drop("no answer to a ping"));
      timers.push(setInterval(ping, this.welcome.pingIntervalMs ?? 25_000));
      await this.#recover();
    };
    try {
      const Socket = this.options.WebSocket ?? globalThis.WebSocket ?? (await import("ws")).default; // npm install ws
      socket = this.#socket = new Socket(url, "multiswarm.v1");
      timers.push(setTimeout(() => openedAt || drop("it was not open in time"), PATIENCE));
      socket.onerror = (event) => (failure = event.message ?? failure); // onclose follows
      socket.onclose = ({ code, reason }) => over({ code, reason: String(reason || failure) });
      const received = async ({ data }) => this.#received(JSON.parse(data));
      socket.onmessage = (event) => received(event).catch((error) => drop(error.message)); // no server of ours
      socket.onopen = () => open().catch(failed);
    } catch (error) {
      drop(error.message);
    }
    const end = await ended;
    timers.forEach(clearTimeout);
    if (socket) socket.onopen = socket.onmessage = socket.onclose = null;
    socket?.close(this.#end ? 1000 : DROPPED);
    return { ...end, openedAt };
  }
  /** Coming back: attach what was held, subscribe to what was subscribed, then send what waits. */
  async #recover() {
    const begin = (owned) => this.begin(owned, { urgent: true, timeoutMs: Infinity, repeat: true });
    await Promise.all([...this.#swarms.values()].map(begin));
    await Promise.all([...this.#subscriptions.values()].filter((one) => one.isBegun).map(begin));
    this.isOpen = true;
    this.emit("open", this.welcome);
    for (const swarm of this.#swarms.values()) swarm.want();
    this.#pump();
  }
  async begin(owned, how) {
    await owned.begin((method, params) => this.call(method, params, how)).catch((error) => {
      if (error.name === "CONNECTION_LOST") throw error; // it begins again on the next one
      this.forget(owned, error);
    });
  }
  forget(owned, error) {
    if (!this.#subscriptions.delete(owned.channel)) this.#swarms.delete(owned.id);
    owned.ended(error);
  }
  /** The server takes so many calls at a time: half of them may be such as wait for something, one place is for pings. */
  #pump() {
    const { maxInFlight: most = 64, maxFrameBytes: longest = Infinity } = this.welcome?.limits ?? {};
    let waiting = [...this.#pending.values()].filter((call) => call.waits).length;
    this.#queue = this.#queue.filter((call) => {
      const mayGo = call.urgent ? this.#connected : this.isOpen && !(call.waits && waiting >= most / 2);
      if (call.ended || !mayGo || this.#pending.size >= most - !call.urgent) return !call.ended;
      const frame = `{"jsonrpc":"2.0","id":${++this.#ids},${call.text}`;
      const isTooLong = frame.length * 3 > longest && new Blob([frame]).size > longest; // it would end each connection
      if (isTooLong) return call.end(new CoordinationError("PAYLOAD_TOO_LARGE", `${call.method}: over ${longest} bytes`));
      waiting += call.waits ? 1 : 0;
      this.#pending.set(this.#ids, call);
      return this.#socket.send(frame), false;
    });
  }
  #received({ id, method, params, result, error }) {
    if (method) {
      (this.#subscriptions.get(params.channel) ?? this.#swarms.get(params.swarmId))?.notified(method, params);
      return this.emit(method, params);
    }
    if (error ? !error.data?.name : result === undefined) throw new TypeError("half an answer"); // ends the connection
    const call = this.#pending.get(id);
    this.#pending.delete(id);
    if (error && call?.repeat && (error.data.name === "UNAVAILABLE" || error.data.retryAfterMs)) {
      this.#pending.set(call, call); // until it is sent again
      const again = () => this.#pending.delete(call) && (this.#queue.push(call), this.#pump());
      setTimeout(again, (error.data.retryAfterMs ?? 200) * (0.75 + Math.random() / 2));
    } else call?.end(error && new CoordinationError(error.data.name, error.message, error.data), result);
    this.#pump();
  }
  /** What may be sent twice waits for the next connection, the outcome of the rest is unknown. */
  #lose(error) {
    this.#connected = this.isOpen = false;
    const [sent, waiting] = [[...this.#pending.values()], this.#queue];
    const stay = new Set([...sent.filter((call) => call.repeat), ...waiting].filter((call) => !call.urgent));
    [this.#pending, this.#queue] = [new Map(), [...stay]];
    for (const call of [...sent, ...waiting]) if (!stay.has(call)) call.end(error);
  }
}

/** A channel that is read; `position` is that of the last message that was handled, or gap that was told. */
class Subscription {
  #unhandled = 0; #owed = 0; // messages that wait for the handler, and credit that it has not given back yet
  #turn = Promise.resolve();
  constructor(client, channel, handler, { since, credit = 256, onGap = (gap) => client.emit("gap", gap) }) {
    Object.assign(this, { client, channel, handler, onGap, credit, received: since, position: since });
    this.begun = new Promise((resolve, reject) => Object.assign(this, { resolve, ended: reject }));
    this.begun.catch(() => {}); // it may end later than it was awaited
  }
  async begin(ask) {
    const { channel } = this;
    const first = async () => ({ epoch: (await ask("channel.history", { channel, limit: 1 })).epoch, offset: 0 });
    if (this.received === "start") this.received = await first();
    const credit = this.credit - this.#unhandled - this.#owed;
    const { epoch, offset } = await ask("channel.subscribe", { channel, since: this.received, credit });
    this.received ??= { epoch, offset }; // where the channel is; what was asked for by `since` is yet to come
    this.position ??= this.received;
    this.resolve(this, (this.isBegun = true));
  }
  notified(method, { message, ...params }) {
    const at = params.epoch && { epoch: params.epoch, offset: params.offset ?? params.to }; // not what is only live
    this.received = at ?? this.received;
    this.#unhandled += message ? 1 : 0; // a gap takes no credit
    const handle = async () => (message ? this.handler(message, at) : this.onGap(params));
    const failed = (error) => this.client.emit("error", error);
    this.#turn = this.#turn.then(() => handle().catch(failed)).then(() => this.#handled(at, message));
  }
  #handled(at, message) {
    this.position = at ?? this.position;
    if (!message || (this.#unhandled--, ++this.#owed < this.credit / 2)) return;
    const more = { channel: this.channel, n: this.#owed };
    this.#owed = 0; // without a connection too: coming back gives all of it
    this.client.call("channel.request", more, { urgent: true, wait: false }).catch(() => {});
  }
  close() {
    this.client.call("channel.unsubscribe", { channel: this.channel }, { wait: false }).catch(() => {});
    this.client.forget(this, new CoordinationError("CLOSED", "unsubscribed"));
  }
}

/** A swarm that this client acts for; the event "detached" tells when it does so no more. */
class Swarm {
  #slots = 0; #credit = 0; #running = new Map(); // credit that was given and not used; what runs by task and attempt
  #handler; #attachment = 0; #renewed = false; // whether the server renews the leases: since a task.request after it
  constructor(client, id, key, leases) { Object.assign(this, { client, id, key, leases }); }
  /** Calls a method as this swarm. */
  call(method, params, how) {
    const as = method.startsWith("message.") ? "from" : "swarmId";
    return this.client.call(method, { [as]: this.id, ...params }, how);
  }
  /** To a swarm, or to all: "*". It has an id from here, so that it may be sent twice. */
  send(to, type, data) {
    const method = to === "*" ? "message.broadcast" : "message.send";
    return this.call(method, { to, type, data, id: unique("msg") }, { repeat: true });
  }
  /** Works on so many tasks at a time: `handler(task, { attempt, previous, signal, progress })` gives the result. */
  work(slots, handler) {
    [this.#slots, this.#handler] = [slots, handler];
    for (const lease of this.leases.splice(0)) this.#work(lease);
    this.want();
  }
  /** Takes no more tasks; resolves when those that run have ended. */
  async stop() {
    this.#slots = 0;
    await Promise.all([...this.#running.values()].map((run) => run.ended));
  }
  async begin(ask) {
    const { leases } = await ask("swarm.attach", { swarmId: this.id, key: this.key });
    [this.#credit, this.#renewed, this.#attachment] = [0, false, this.#attachment + 1];
    const kept = leases.map((lease) => `${lease.task.id}/${lease.attempt}`);
    for (const [id, run] of this.#running) if (!kept.includes(id)) run.abort("lost while there was no connection");
    this.leases = leases;
    if (this.#handler) for (const lease of leases.splice(0)) this.#work(lease);
  }
  ended(error) {
    this.#slots = 0;
    for (const run of this.#running.values()) run.abort(error.message);
    this.client.emit("detached", { swarmId: this.id, error });
  }
  notified(method, { taskId, attempt, reason, ...lease }) {
    if (method === "task.assigned") this.#credit--, this.#work({ attempt, ...lease });
    if (method === "task.revoked") this.#running.get(`${taskId}/${attempt}`)?.abort(reason);
    if (method !== "swarm.detached") return;
    if (reason === "interrupted") this.client.begin(this, { repeat: true, timeoutMs: Infinity }).then(() => this.want());
    else this.client.forget(this, new CoordinationError("FENCED", `${this.id}: ${reason}`));
  }
  /** Gives credit for the free slots; when there are none, renews by hand what the server does not renew yet. */
  async want() {
    if (!this.client.isOpen) return;
    const [n, attachment] = [this.#slots - this.#running.size - this.#credit, this.#attachment];
    if (n <= 0) return this.#renewed || this.#running.forEach((run) => run.extend());
    this.#credit += n;
    try {
      await this.call("task.request", { n, autoExtend: true }, { wait: false });
      this.#renewed ||= attachment === this.#attachment;
    } catch (error) {
      if (attachment !== this.#attachment || error.name === "CONNECTION_LOST") return; // coming back asks anew
      this.#credit -= n;
      if (error.retryable) setTimeout(() => this.want(), error.data.retryAfterMs ?? 500);
      else this.client.emit("error", error);
    }
  }
  #work({ task, attempt, leaseMs, previous = [] }) {
    const [id, control] = [`${task.id}/${attempt}`, new AbortController()];
    if (this.#running.has(id)) return; // it went on while there was no connection
    const call = (method, more, how) => this.call(method, { taskId: task.id, attempt, ...more }, how);
    const report = (method, more) => call(method, more, { repeat: true, timeoutMs: Infinity });
    const tell = (error) => this.client.emit(error.name === "FENCED" ? "fenced" : "error", error);
    if (!this.#slots) return report("task.release").catch(tell);
    const abort = (reason) => control.abort(new CoordinationError("FENCED", `${id}: ${reason}`));
    const gone = (error) => ["FENCED", "NOT_FOUND"].includes(error.name) && abort(error.message);
    const extend = (progress) => call("task.extend", { progress }, { wait: false }).catch(gone);
    const timer = setInterval(() => this.#renewed || extend(), leaseMs / 3);
    const fail = async (error) => {
      if (control.signal.aborted) throw control.signal.reason;
      const { name = "Error", message = error, retry } = Object(error);
      const [called, told] = [name, message].map((text) => String(text).slice(0, MAX_ERROR));
      await report("task.fail", { error: { name: called, message: told }, retry: retry !== false });
    };
    const refused = (error) => (error.name === "FENCED" ? tell(error) : fail(error)); // too large, say
    const complete = (result) => report("task.complete", { result }).catch(refused);
    const work = async () => this.#handler(task, { attempt, previous, signal: control.signal, progress: extend });
    const ended = work().then(complete, fail).catch(tell).finally(() => {
      clearInterval(timer);
      this.#running.delete(id);
      this.want();
    });
    this.#running.set(id, { abort, extend, ended });
  }
}
