package io.multiswarm.internal.distribution;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.multiswarm.internal.stream.ChannelStream;
import io.multiswarm.internal.stream.Page;
import io.multiswarm.internal.stream.StreamCounters;
import io.multiswarm.internal.stream.Streams;
import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.ChannelReader;
import io.multiswarm.messaging.Gap;
import io.multiswarm.messaging.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;

/**
 * A channel of a few messages, its stream and one subscriber: the classes of the road from {@link
 * ChannelStream} to {@link ReaderFlux}, on a plain model of Redis. Threads act on it at the same
 * time; when they have ended, {@link #judge} lets arrive what is still on its way and says what is
 * wrong.
 *
 * <p>Nothing wakes the subscriber but the road itself, so one that missed a wake-up stays asleep
 * and lacks what it asked for.
 */
final class CursorRound {

  private static final String CHANNEL = "swarm:x";
  private static final String EPOCH = "1";
  private static final int PAGE_MESSAGES = 2;

  private final Redis redis = new Redis();
  private final Queue<Runnable> reads = new ConcurrentLinkedQueue<>();
  private final StreamCounters counters = new StreamCounters();
  private final ChannelStream stream = Streams.of(CHANNEL, counters, compared -> {});
  private final AtomicBoolean begun = new AtomicBoolean();
  private final AtomicInteger cancelled = new AtomicInteger();
  private final Subscriber subscriber = new Subscriber();
  private @Nullable MonoSink<ChannelReader> beginning;
  private @Nullable ChannelReader reader;

  /** One subscriber that has subscribed to an empty channel, but whose reader is not there yet. */
  CursorRound() {
    stream.onSubscribed();
    new ReaderFlux(this::reader).subscribe(subscriber);
  }

  private Mono<ChannelReader> reader(Runnable wake) {
    ChannelCursor.Start start = new ChannelCursor.Start(new Position(EPOCH, 0), false);
    ChannelCursor cursor =
        new ChannelCursor(stream, start, this::read, new UnstoredQueue.Budget(), counters, wake);
    stream.learn(redis.end());
    stream.observe(cursor);
    reader = new ReleasingReader(cursor, cancelled::incrementAndGet);
    return Mono.create(sink -> beginning = sink);
  }

  /** Sends a page's read on its way. */
  private Disposable read(ChannelStream from, Position after, Consumer<Page> result) {
    Disposable answered = Disposables.single();
    reads.add(
        () -> {
          Page page = redis.read(after.offset());
          if (!answered.isDisposed()) {
            result.accept(page);
          }
        });
    return answered;
  }

  // What threads may do. One of them at most publishes, as there is one subscriber connection.

  /** The subscription's reader is there; without it there is nothing to be had. */
  CursorRound begin() {
    if (begun.compareAndSet(false, true)) {
      beginning.success(reader);
    }
    return this;
  }

  /** Stores a message, which arrives live as well. */
  void publish() {
    stream.onMessage(redis.store().bytes());
  }

  /** Stores a message that is lost on its way. */
  void publishUnheard() {
    redis.store();
  }

  /** Somebody who knows nothing of positions publishes; the message is stored nowhere. */
  void publishForeign() {
    stream.onMessage("{\"id\":\"foreign\"}".getBytes(UTF_8));
  }

  /** Only the newest message is kept. */
  void trim() {
    redis.trim();
  }

  /** Learns by asking where the channel stands. */
  void compare() {
    Streams.comparison(stream).accept(redis.end());
  }

  /** A read that is on its way, if there is one, is carried out and answered. */
  boolean answer() {
    Runnable read = reads.poll();
    if (read != null) {
      read.run();
    }
    return read != null;
  }

  void request(int n) {
    subscriber.asked.addAndGet(n);
    subscriber.subscription.request(n);
  }

  void cancel() {
    subscriber.isCancelled = true;
    subscriber.subscription.cancel();
  }

  // Judgement

  /**
   * To be called when all threads have ended.
   *
   * @throws IllegalStateException when a promise is broken
   */
  void judge() {
    begin();
    compare();
    arriveAll();
    int seen = subscriber.seen;
    if (subscriber.isCancelled) {
      request(1);
      publish();
      arriveAll();
      require(subscriber.seen == seen, "something came after the cancellation");
      require(cancelled.get() > 0, "the reader was never told of the cancellation");
    } else if (seen < subscriber.asked.get()) {
      long due = subscriber.next;
      require(due == redis.last + 1, "asleep, and " + due + " was due of " + redis.last);
    }
    require(subscriber.broken == null, String.valueOf(subscriber.broken));
  }

  private void arriveAll() {
    while (answer()) {
      // The next one may have been sent meanwhile.
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }

  /** The channel as Redis keeps it, one command at a time. */
  private static final class Redis {
    private int first = 1;
    private int last;

    synchronized ChannelMessage store() {
      last++;
      return message(last);
    }

    synchronized void trim() {
      first = Math.max(1, last);
    }

    synchronized Position end() {
      return new Position(EPOCH, last);
    }

    synchronized Page read(long after) {
      List<ChannelMessage> messages = new ArrayList<>();
      for (long at = Math.max(after + 1, first);
          at <= last && messages.size() < PAGE_MESSAGES;
          at++) {
        messages.add(message(at));
      }
      return new Page(end(), last == 0 ? 0 : first, messages);
    }

    private static ChannelMessage message(long offset) {
      String bytes = "{\"epoch\":\"" + EPOCH + "\",\"offset\":" + offset + ",\"id\":\"m\"}";
      return ChannelMessage.of(CHANNEL, new Position(EPOCH, offset), bytes.getBytes(UTF_8), 1);
    }
  }

  /** Judges events one by one. */
  private static final class Subscriber implements CoreSubscriber<ChannelEvent> {
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger entered = new AtomicInteger();
    private Subscription subscription = Operators.emptySubscription();
    private volatile boolean isCancelled;
    private volatile @Nullable String broken;

    // As the rules of Reactive Streams have it, one call comes after the other.
    private long next = 1;
    private int seen;

    @Override
    public void onSubscribe(Subscription begun) {
      subscription = begun;
    }

    @Override
    public void onNext(ChannelEvent event) {
      check(entered.getAndIncrement() == 0, "two events at once");
      seen++;
      check(seen <= asked.get(), "more than was asked for");
      if (event instanceof Gap gap) {
        take(gap.from(), gap.to());
      } else if (event instanceof ChannelMessage message && message.isStored()) {
        take(message.position().offset(), message.position().offset());
      }
      entered.decrementAndGet();
    }

    private void take(long from, long to) {
      check(from == next && to >= next, next + " was due, and came " + from + " to " + to);
      next = to + 1;
    }

    private void check(boolean holds, String otherwise) {
      if (!holds && broken == null) {
        broken = otherwise;
      }
    }

    @Override
    public void onError(Throwable error) {
      check(false, error.toString());
    }

    @Override
    public void onComplete() {
      check(false, "completed");
    }
  }
}
