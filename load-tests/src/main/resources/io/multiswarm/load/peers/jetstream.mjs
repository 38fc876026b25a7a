// JetStream of a nats-server of its own, that keeps its stream in a file. `life`: publishes tasks, and then consumes and
// acknowledges them, one after the other, each as fast as it goes.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AckPolicy, connect, JSONCodec, RetentionPolicy, StorageType } from 'nats';
import { answer, argument, fail, number, payload, perSecond, until, what } from './driver.mjs';

const IN_BULK = 50;
const AT_ONCE = 8;

const directory = mkdtempSync(join(tmpdir(), 'load-tests-nats-'));
const server = spawn(
  argument('nats-server'),
  ['-js', '-sd', directory, '-a', '127.0.0.1', '-p', '-1', '--ports_file_dir', directory],
  { stdio: 'ignore' },
);
process.on('exit', () => {
  server.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
server.on('error', fail);

/** Where it listens, which it writes to a file when it does. */
async function address() {
  let text = '';
  await until('the start of nats-server', () => {
    const file = readdirSync(directory).find(name => name.endsWith('.ports'));
    text = file === undefined ? '' : readFileSync(join(directory, file), 'utf8').trim();
    return text.endsWith('}');
  });
  return JSON.parse(text).nats[0];
}

const codec = JSONCodec();

async function life(client, manager, name, count) {
  await manager.streams.add({
    name,
    subjects: [name],
    storage: StorageType.File,
    retention: RetentionPolicy.Workqueue,
  });
  await manager.consumers.add(name, { durable_name: 'worker', ack_policy: AckPolicy.Explicit, max_ack_pending: 10_000 });
  const published = await perSecond(count, IN_BULK, AT_ONCE, async part => {
    await Promise.all(Array.from({ length: part }, () => client.publish(name, codec.encode(payload()))));
  });
  const consumed = await consume(client, name, count);
  return { publish: published, consume: consumed, life: 1 / (1 / published + 1 / consumed) };
}

async function consume(client, name, count) {
  const consumer = await client.consumers.get(name, 'worker');
  const start = performance.now();
  const messages = await consumer.consume({ max_messages: 1_000 });
  let done = 0;
  for await (const message of messages) {
    codec.decode(message.data);
    message.ack();
    if (++done === count) break;
  }
  return (count / (performance.now() - start)) * 1000;
}

try {
  if (what !== 'life') throw new Error(`jetstream.mjs knows life, not ${what}`);
  const connection = await connect({ servers: await address() });
  const manager = await connection.jetstreamManager();
  await life(connection.jetstream(), manager, 'warm-up', number('warm-up'));
  answer(await life(connection.jetstream(), manager, 'measured', number('count')));
} catch (error) {
  fail(error);
}
