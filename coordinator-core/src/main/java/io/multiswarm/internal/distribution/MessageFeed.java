package io.multiswarm.internal.distribution;

import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.Channels.ListeningChannel;
import io.multiswarm.messaging.Gap;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Scheduler;

/**
 * Brings the messages of some channels to code of the application, on threads that it may block:
 * one at a time, those of a channel in their order.
 *
 * <p>What comes while the code is at work waits here, up to {@link Limits}. Then no more is asked
 * for, and what comes is read from the histories when there is room again, with a gap where those
 * no longer have it. A channel is asked for one message at a time, so that no more than one of each
 * goes beyond the limits.
 *
 * <p><b>Threading.</b> Channels put in from any thread. {@code wip} counts what is due: who raises
 * it from 0 has a worker take out until nothing came meanwhile. A channel that finds no room says
 * that it is {@code parked} and looks again; who makes room first makes it and then looks who is
 * parked. So one of the two sees the other.
 */
public final class MessageFeed implements Disposable {

  private static final Logger log = LoggerFactory.getLogger(MessageFeed.class);

  private static final Duration FULL_WORKERS = Duration.ofMillis(100);

  /** Beside its bytes, what a message takes. */
  private static final long BESIDE = 128;

  private final Limits limits;
  private final Shared shared;
  private final Scheduler workers;
  private final Scheduler clock;
  private final Receiver receiver;
  private final Queue<ChannelMessage> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong held = new AtomicLong();
  private final AtomicInteger wip = new AtomicInteger();
  private volatile List<Source> sources = List.of();
  private volatile boolean disposed;

  /**
   * How much may wait in one feed.
   *
   * @param messages their number
   * @param bytes of all of them
   * @param ownBytes of them, whatever other feeds of the node hold
   */
  public record Limits(int messages, long bytes, long ownBytes) {
    public static final Limits DEFAULT = new Limits(32_768, 16L << 20, 256L << 10);
  }

  /** What the feeds of a node may hold together before each has only what is its own. */
  public static final class Shared {
    private static final long BYTES = 32L << 20;

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    public Shared() {
      this(BYTES);
    }

    Shared(long most) {
      this.most = most;
    }

    private boolean hasRoom() {
      return taken.get() < most;
    }
  }

  /** The code, and who is told what does not come to it. */
  public interface Receiver {
    /** On a thread that may be blocked. */
    void message(ChannelMessage message);

    void gap(Gap gap);

    void failed(Throwable error);
  }

  /**
   * @param workers have threads that may be blocked
   * @param clock for another attempt when they take no more work
   */
  public MessageFeed(
      Limits limits, Shared shared, Scheduler workers, Scheduler clock, Receiver receiver) {
    this.limits = limits;
    this.shared = shared;
    this.workers = workers;
    this.clock = clock;
    this.receiver = receiver;
  }

  /** Begins to ask for what the channels have; once. */
  public void begin(List<ListeningChannel> channels) {
    List<Source> all = channels.stream().map(channel -> new Source()).toList();
    sources = all;
    for (int i = 0; i < all.size(); i++) {
      channels.get(i).events().subscribe(all.get(i));
    }
    if (disposed) {
      all.forEach(Source::dispose);
    }
  }

  /** A message that is being handled is handled to its end, and none after it. */
  @Override
  public void dispose() {
    disposed = true;
    sources.forEach(Source::dispose);
    due();
  }

  @Override
  public boolean isDisposed() {
    return disposed;
  }

  private void put(ChannelMessage message) {
    count.incrementAndGet();
    long weight = weight(message);
    held.addAndGet(weight);
    shared.taken.addAndGet(weight);
    waiting.add(message);
    due();
  }

  private void due() {
    if (wip.getAndIncrement() == 0) {
      schedule();
    }
  }

  private void schedule() {
    try {
      workers.schedule(this::drain);
    } catch (RejectedExecutionException full) {
      clock.schedule(this::schedule, FULL_WORKERS.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void drain() {
    int missed = wip.get();
    do {
      ChannelMessage message = take();
      while (message != null) {
        give(message);
        message = take();
      }
      missed = wip.addAndGet(-missed);
    } while (missed != 0);
  }

  /** Whatever it throws, the next one is given. */
  private void give(ChannelMessage message) {
    try {
      if (!disposed) {
        receiver.message(message);
      }
    } catch (Throwable e) {
      log.error("Message {} was not handled", message, e);
    }
  }

  private @Nullable ChannelMessage take() {
    ChannelMessage message = waiting.poll();
    if (message != null) {
      long weight = weight(message);
      shared.taken.addAndGet(-weight);
      held.addAndGet(-weight);
      count.decrementAndGet();
      if (hasRoom()) {
        sources.forEach(Source::resume);
      }
    }
    return message;
  }

  private boolean hasRoom() {
    long bytes = held.get();
    return count.get() < limits.messages()
        && (bytes < limits.ownBytes() || bytes < limits.bytes() && shared.hasRoom());
  }

  private static long weight(ChannelMessage message) {
    return message.bytes().length + BESIDE;
  }

  /** One channel, asked for one message after the other while there is room. */
  private final class Source extends BaseSubscriber<ChannelEvent> {
    private final AtomicBoolean parked = new AtomicBoolean();

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
      ask();
    }

    @Override
    protected void hookOnNext(ChannelEvent event) {
      if (event instanceof ChannelMessage message) {
        put(message);
      } else if (event instanceof Gap gap) {
        receiver.gap(gap);
      }
      ask();
    }

    @Override
    protected void hookOnError(Throwable error) {
      receiver.failed(error);
    }

    private void ask() {
      if (hasRoom()) {
        request(1);
        return;
      }
      parked.set(true);
      if (hasRoom()) {
        resume();
      }
    }

    private void resume() {
      if (parked.get() && parked.compareAndSet(true, false)) {
        request(1);
      }
    }
  }
}
