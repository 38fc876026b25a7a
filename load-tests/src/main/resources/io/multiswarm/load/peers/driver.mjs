// What the drivers of peers have in common: their arguments, a task's data, percentiles, and the one line that they answer.
/** What the harness asks: `node bullmq.mjs life port=6379 seconds=8`. */
export const what = process.argv[2];
const given = new Map(process.argv.slice(3).map(argument => argument.split('=', 2)));

/** An argument by its name. */
export function argument(name) {
  if (!given.has(name)) throw new Error(`${name}=… is missing`);
  return given.get(name);
}

/** The same, a number. */
export const number = name => Number(argument(name));

/** Data of about as many bytes as that of the coordinator's own tasks and messages, with the moment in it. */
export const payload = () => ({ at: performance.now(), text: 'x'.repeat(270) });

/** Runs work so many times a second; what is late is begun at once. */
export async function paced(rate, seconds, work) {
  const start = performance.now();
  for (let done = 0; done < rate * seconds; ) {
    const due = Math.min(rate * seconds, Math.floor(((performance.now() - start) / 1000) * rate) + 1);
    for (; done < due; done++) work();
    await pause(1000 / rate / 2);
  }
}

/** Runs work on so many things, a part of so many at a time, and so many parts under way; tells things a second. */
export async function perSecond(count, size, atOnce, work) {
  const start = performance.now();
  let next = 0;
  const take = async () => {
    while (next < count) {
      const from = next;
      next = Math.min(count, from + size);
      await work(next - from);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, take));
  return (count / (performance.now() - start)) * 1000;
}

/** Waits until it holds, or a minute is over. */
export async function until(what, holds) {
  for (let look = 0; !holds(); look++) {
    if (look === 1_200) throw new Error(`${what} took too long`);
    await pause(50);
  }
}

export const pause = millis => new Promise(wake => setTimeout(wake, millis));

/** The percentile of times in milliseconds. */
export function percentile(times, percent) {
  const sorted = Float64Array.from(times).sort();
  if (sorted.length === 0) throw new Error('nothing was measured');
  return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length * percent) / 100) - 1)];
}

/** The answer: numbers by their names, in the last line. */
export function answer(numbers) {
  process.stdout.write(JSON.stringify(numbers) + '\n', () => process.exit(0));
}

export function fail(error) {
  process.stderr.write(`${error?.stack ?? error}\n`, () => process.exit(1));
}
