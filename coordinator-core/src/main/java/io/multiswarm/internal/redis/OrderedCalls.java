package io.multiswarm.internal.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;

/**
 * Calls that take effect in their order, even when the connection breaks under them.
 *
 * <p>Calls leave at once and Redis runs them in that order. When the connection breaks, or Redis
 * has forgotten the script, those under way are repeated one by one, the oldest first, each when
 * the one before it has ended; what was begun meanwhile waits behind them. A call that stays
 * without an answer, or whose time is over, fails and is not repeated.
 *
 * <p>Concurrency: everything that happens is an event; {@link #drain} runs them one at a time,
 * serialised by {@code wip}, and all fields below it belong to the thread inside.
 */
public final class OrderedCalls {

  /** What {@code call} is given the first time. */
  public static final long FIRST_TIME = -1;

  private static final Duration PAUSE = Duration.ofMillis(20);

  private final RedisLink link;
  private final Scheduler scheduler;
  private final Queue<Runnable> events = Queues.<Runnable>unboundedMultiproducer().get();
  private final AtomicInteger wip = new AtomicInteger();

  private final Deque<Entry> entries = new ArrayDeque<>();
  private int underWay;
  private boolean broken;
  private boolean pausing;

  private static final class Entry {
    final LongFunction<ScriptCall> call;
    final MonoSink<ScriptReply> sink;
    final long began;
    boolean sent;

    Entry(LongFunction<ScriptCall> call, MonoSink<ScriptReply> sink, long began) {
      this.call = call;
      this.sink = sink;
      this.began = began;
    }
  }

  OrderedCalls(RedisLink link, Scheduler scheduler) {
    this.link = link;
    this.scheduler = scheduler;
  }

  /**
   * Runs a script; cold. Errors as {@link RedisLink#run}. The caller bounds how many are under way.
   *
   * @param call makes the call; given {@link #FIRST_TIME}, or the milliseconds since it was first
   *     sent when that may have taken effect
   */
  public Mono<ScriptReply> run(LongFunction<ScriptCall> call) {
    return Mono.create(
        sink -> {
          Entry entry = new Entry(call, sink, now());
          happen(() -> entries.add(entry));
        });
  }

  private long now() {
    return scheduler.now(TimeUnit.MILLISECONDS);
  }

  private void happen(Runnable event) {
    events.add(event);
    drain();
  }

  private void drain() {
    if (wip.getAndIncrement() != 0) {
      return;
    }
    int missed = 1;
    do {
      for (Runnable event = events.poll(); event != null; event = events.poll()) {
        event.run();
      }
      proceed();
      missed = wip.addAndGet(-missed);
    } while (missed != 0);
  }

  private void proceed() {
    if (broken && underWay == 0 && !pausing) {
      Entry oldest = entries.peek();
      broken = oldest != null && oldest.sent;
      if (broken) {
        send(oldest);
      }
    }
    if (!broken) {
      List<Entry> unsent = new ArrayList<>(2);
      for (Entry entry : entries) {
        if (!entry.sent) {
          unsent.add(entry);
        }
      }
      unsent.forEach(this::send);
    }
  }

  private void send(Entry entry) {
    boolean again = entry.sent;
    long elapsed = again ? now() - entry.began : FIRST_TIME;
    entry.sent = true;
    underWay++;
    Mono.defer(() -> link.once(entry.call.apply(elapsed), again))
        .subscribe(
            reply -> happen(() -> succeeded(entry, reply)),
            error -> happen(() -> failed(entry, error)));
  }

  private void succeeded(Entry entry, ScriptReply reply) {
    underWay--;
    entries.remove(entry);
    entry.sink.success(reply);
  }

  private void failed(Entry entry, Throwable error) {
    underWay--;
    if (link.mayRepeatCommand(error, entry.began)) {
      broken = true;
      if (RedisFailure.of(error) != RedisFailure.FORGOTTEN) {
        pause();
      }
    } else {
      entries.remove(entry);
      entry.sink.error(RedisFailure.translate("a batch", error));
    }
  }

  private void pause() {
    if (!pausing) {
      pausing = true;
      Mono.delay(PAUSE, scheduler).subscribe(over -> happen(() -> pausing = false));
    }
  }
}
