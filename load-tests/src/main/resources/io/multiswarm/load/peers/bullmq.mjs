// BullMQ on a Redis. `life`: adds tasks and then processes them, one after the other, each as fast as it goes.
// `pickup`: adds them at a rate; a time counts from the call that adds a task to the one that is given it.
import { Queue, Worker } from 'bullmq';
import { answer, fail, number, paced, payload, percentile, perSecond, until, what } from './driver.mjs';

const IN_BULK = 50;
const AT_ONCE = 8;
const CONCURRENCY = 100;

const connection = { host: '127.0.0.1', port: number('port'), maxRetriesPerRequest: null };

async function add(queue, count) {
  const tasks = Array.from({ length: count }, () => ({ name: 'task', data: payload() }));
  await queue.addBulk(tasks);
}

/** Processes that many tasks of a queue; tells how many a second. */
function work(name, count) {
  let done = 0;
  let start;
  return new Promise((told, failed) => {
    const worker = new Worker(
      name,
      async () => {
        start ??= performance.now();
      },
      { connection, concurrency: CONCURRENCY },
    );
    worker.on('error', failed);
    worker.on('failed', (task, error) => failed(error));
    worker.on('completed', () => {
      if (++done === count) {
        const rate = (count / (performance.now() - start)) * 1000;
        worker.close().then(() => told(rate), failed);
      }
    });
  });
}

async function life(name, count) {
  const queue = new Queue(name, { connection });
  const before = process.cpuUsage();
  const added = await perSecond(count, IN_BULK, AT_ONCE, part => add(queue, part));
  const processed = await work(name, count);
  const { user, system } = process.cpuUsage(before);
  await queue.close();
  return {
    add: added,
    process: processed,
    life: 1 / (1 / added + 1 / processed),
    micros: (user + system) / count,
  };
}

async function pickup(rate, warmUp, seconds) {
  const queue = new Queue('pickup', { connection });
  const measuredFrom = performance.now() + warmUp * 1000;
  const times = [];
  let done = 0;
  const worker = new Worker(
    'pickup',
    async task => {
      const now = performance.now();
      done++;
      if (task.data.at >= measuredFrom) times.push(now - task.data.at);
    },
    { connection, concurrency: CONCURRENCY },
  );
  worker.on('error', fail);
  await worker.waitUntilReady();
  await paced(rate, warmUp + seconds, () => queue.add('task', payload()).catch(fail));
  await until('the last task', () => done >= rate * (warmUp + seconds));
  return { p50: percentile(times, 50), p99: percentile(times, 99) };
}

try {
  if (what === 'life') {
    await life('warm-up', number('warm-up'));
    answer(await life('measured', number('count')));
  } else if (what === 'pickup') {
    answer(await pickup(number('rate'), number('warm-up'), number('seconds')));
  } else {
    throw new Error(`bullmq.mjs knows life and pickup, not ${what}`);
  }
} catch (error) {
  fail(error);
}
