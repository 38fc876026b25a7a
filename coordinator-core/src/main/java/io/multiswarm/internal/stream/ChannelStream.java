package io.multiswarm.internal.stream;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Json;
import io.multiswarm.internal.redis.ChannelListener;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.Message;
import io.multiswarm.messaging.Position;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * One channel as this process hears it: the newest position that is known, and a window of recent
 * messages. Cursors compare themselves with the position; they are not fed.
 *
 * <p><b>Why nothing can be missed.</b> {@code head} is the newest position that any source told: a
 * live message, or a comparison with Redis. It is written before the observers are told, and a
 * cursor that found nothing says so before it looks at {@code head} once more. So either the cursor
 * sees the new head, or the writer sees the waiting cursor. What lies between a cursor and the head
 * is taken from the window or read from the history, whoever was first. A live message that never
 * came is noticed by the next one, whose offset is not the successor; by the comparison after each
 * (re)subscription; or by the one for quiet channels.
 *
 * <p><b>Order of the head.</b> Within an epoch it only grows, unless Redis lost what it had.
 * Another epoch replaces it; should that be an outdated one, the page that a cursor then reads
 * tells the true one, and the next live message or comparison sets the head right.
 *
 * <p><b>Threading.</b> {@link #onMessage} is called by the subscriber connection alone, which is
 * the source of the window. {@link #compare} may come from any thread; changes of the head are
 * serialised by the monitor, which is never held while observers run.
 */
public final class ChannelStream implements ChannelListener {

  private final String channel;
  private final StreamCounters counters;
  private final RecentWindow window;
  private final Consumer<ChannelStream> compareSoon;
  private final List<StreamObserver> observers = new CopyOnWriteArrayList<>();
  private final Sinks.Empty<Void> subscribed = Sinks.empty();
  private volatile Position head = Landmark.NONE.position();

  /** The head when the subscription was last acknowledged: Redis had all of it once. */
  private volatile Landmark floor = Landmark.NONE;

  private volatile boolean quiet;

  /**
   * @param compareSoon asks for a comparison with Redis, whose result comes to {@link #compare}
   */
  ChannelStream(
      String channel,
      StreamCounters counters,
      RecentWindow.Budget budget,
      Consumer<ChannelStream> compareSoon) {
    this.channel = channel;
    this.counters = counters;
    this.window = new RecentWindow(budget);
    this.compareSoon = compareSoon;
  }

  public String channel() {
    return channel;
  }

  /** What Redis certainly had before now. */
  Landmark floor() {
    return floor;
  }

  /** The newest position that is known. */
  public Position head() {
    return head;
  }

  /** Completes when Redis has acknowledged the subscription for the first time. */
  public Mono<Void> subscribed() {
    return subscribed.asMono();
  }

  public void observe(StreamObserver observer) {
    observers.add(observer);
  }

  public void unobserve(StreamObserver observer) {
    observers.remove(observer);
  }

  /** The message at exactly this position, if it is one of the recent ones. */
  public @Nullable ChannelMessage recent(String epoch, long offset) {
    return window.at(epoch, offset);
  }

  @Override
  public void onMessage(byte[] bytes) {
    quiet = false;
    Position before = head;
    PositionHeader header = PositionHeader.parse(bytes, before);
    if (header == null) {
      foreign(bytes);
      return;
    }
    Position position = header.position();
    window.add(ChannelMessage.of(channel, position, bytes, header.bodyStart()));
    if (isHole(before, position)) {
      counters.holeSeen();
    }
    if (advance(position)) {
      observers.forEach(StreamObserver::advanced);
    }
  }

  @Override
  public void onSubscribed() {
    // A second acknowledgement finds the sink terminated; it is the first that counts.
    subscribed.tryEmitEmpty();
    mark();
    compareSoon.accept(this);
  }

  /**
   * Learns from a comparison where the channel stands. Less than Redis once had means that it lost
   * its newest messages (a restart or failover) and did not begin another epoch with what is left:
   * the head goes back, and cursors find out by a page.
   *
   * @param once {@link #floor} when the comparison was sent
   */
  void compare(Position told, Landmark once) {
    Position before = head;
    if (advance(told) || rewind(told, once.position())) {
      if (isKnown(before)) {
        counters.holeSeen();
      }
      observers.forEach(StreamObserver::advanced);
    }
  }

  /** Redis still had what it had {@link #floor() once}. */
  synchronized void confirm(Landmark once) {
    if (floor.equals(once)) {
      floor = once.confirmed();
    }
  }

  /** Learns from a page where the channel stands. */
  public void learn(Position told) {
    if (advance(told)) {
      observers.forEach(StreamObserver::advanced);
    }
  }

  /** Whether nothing was heard since the last call. A quiet channel keeps no window. */
  boolean quietSinceLastLook() {
    boolean was = quiet;
    quiet = true;
    if (was) {
      window.clear();
    }
    return was;
  }

  /** Nobody here subscribes any more; messages on their way are not kept. */
  void end() {
    window.close();
  }

  /** One that is not confirmed yet stays: what came after it is not sure either. */
  private synchronized void mark() {
    if (floor.isConfirmed()) {
      Position known = head;
      floor = Landmark.of(known, window.at(known.epoch(), known.offset()));
    }
  }

  private synchronized boolean advance(Position told) {
    Position known = head;
    if (told.epoch().equals(known.epoch()) && told.offset() <= known.offset()) {
      return false;
    }
    head = told;
    return true;
  }

  private synchronized boolean rewind(Position told, Position once) {
    if (!told.epoch().equals(once.epoch()) || told.offset() >= once.offset()) {
      return false;
    }
    floor = Landmark.of(told, null);
    head = told;
    window.clear();
    return true;
  }

  private static boolean isHole(Position before, Position position) {
    return isKnown(before)
        && position.epoch().equals(before.epoch())
        && position.offset() > before.offset() + 1;
  }

  private static boolean isKnown(Position position) {
    return !position.epoch().isEmpty();
  }

  private void foreign(byte[] bytes) {
    int brace = 0;
    while (brace < bytes.length && bytes[brace] <= ' ') {
      brace++;
    }
    ChannelMessage message = ChannelMessage.foreign(channel, bytes, brace + 1);
    if (isEnvelope(bytes)) {
      counters.foreignSeen();
      observers.forEach(observer -> observer.foreign(message));
    } else {
      counters.notAnEnvelope();
    }
  }

  private static boolean isEnvelope(byte[] bytes) {
    try {
      Message.parse(Json.parse(bytes));
      return true;
    } catch (CoordinationException e) {
      return false; // counted by the caller: a stranger's message is no failure of ours
    }
  }
}
