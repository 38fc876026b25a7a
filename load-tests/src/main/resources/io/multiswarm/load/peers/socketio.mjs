// socket.io: one process serves, and this one has the sockets. `broadcast`: messages to all of them at a rate; a time
// counts from the call that sends one to each socket that hears it.
import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { answer, fail, number, paced, payload, percentile, until, what } from './driver.mjs';

const OPENED_AT_ONCE = 50;

function serve() {
  const http = createServer();
  const server = new Server(http, { transports: ['websocket'], serveClient: false });
  server.on('connection', socket => socket.on('say', message => server.emit('said', message)));
  http.listen(0, '127.0.0.1', () => process.send(http.address().port));
  process.on('disconnect', () => process.exit(0));
}

function open(url, heard) {
  return new Promise((opened, failed) => {
    const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false });
    socket.on('connect', () => opened(socket));
    socket.on('connect_error', failed);
    socket.on('said', heard);
  });
}

async function broadcast(sockets, rate, warmUp, seconds) {
  const server = fork(fileURLToPath(import.meta.url), ['serve']);
  process.on('exit', () => server.kill('SIGKILL'));
  const port = await new Promise((told, failed) => server.once('message', told).once('exit', failed));
  const times = [];
  let deliveries = 0;
  let measuredFrom = Infinity;
  const heard = message => {
    deliveries++;
    if (message.at >= measuredFrom) times.push(performance.now() - message.at);
  };
  const all = [];
  while (all.length < sockets) {
    const some = Math.min(OPENED_AT_ONCE, sockets - all.length);
    all.push(...(await Promise.all(Array.from({ length: some }, () => open(`http://127.0.0.1:${port}`, heard)))));
  }
  measuredFrom = performance.now() + warmUp * 1000;
  let next = 0;
  await paced(rate, warmUp + seconds, () => all[next++ % all.length].emit('say', payload()));
  await until('the last delivery', () => deliveries >= next * sockets);
  return { p50: percentile(times, 50), p99: percentile(times, 99) };
}

try {
  if (what === 'serve') {
    serve();
  } else if (what === 'broadcast') {
    answer(await broadcast(number('sockets'), number('rate'), number('warm-up'), number('seconds')));
  } else {
    throw new Error(`socketio.mjs knows broadcast, not ${what}`);
  }
} catch (error) {
  fail(error);
}
