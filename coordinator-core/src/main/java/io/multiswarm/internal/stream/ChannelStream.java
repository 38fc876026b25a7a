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
 * <p><b>Order of the head.</b> Within an epoch it only grows. Another epoch replaces it; should
 * that be an outdated one, the page that a cursor then reads tells the true one, and the next live
 * message or comparison sets the head right.
 *
 * <p><b>When Redis lost what it had</b> (a restart from an older file, a failover), it would give
 * offsets of ours to other messages. So all that is asked of it carries a {@link KnownPosition},
 * and the history that contradicts it begins another epoch, which cursors announce as any other.
 * After a (re)subscription what is heard live may be of such a second life, until an answer to the
 * landmark of before has said that it is not: meanwhile the window takes nothing, and cursors read
 * pages.
 *
 * <p><b>Threading.</b> {@link #onMessage} is called by the subscriber connection alone, which is
 * the source of the window. {@link #compare} may come from any thread; changes of the head and of
 * the {@link KnownPositions} are serialised by the monitor, which is never held while observers
 * run. The one exception is the end of a doubt by a comparison, which compares and sets. A doubt
 * ends only when the head has moved to what the answer told.
 */
public final class ChannelStream implements ChannelListener {

  private final String channel;
  private final StreamCounters counters;
  private final RecentWindow window;
  private final Consumer<ChannelStream> compareSoon;
  private final List<StreamObserver> observers = new CopyOnWriteArrayList<>();
  private final Sinks.Empty<Void> subscribed = Sinks.empty();
  private volatile Position head = KnownPosition.NONE.position();
  private final KnownPositions landmarks = new KnownPositions();
  private volatile boolean quiet;

  /**
   * When something was asked, which decides what its answer is good for.
   *
   * @param subscriptions how often the channel had been subscribed
   * @param notes how often a message had been noted
   */
  public record Moment(int subscriptions, int notes) {}

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
  KnownPosition landmark() {
    KnownPosition before = landmarks.doubted();
    return before == null ? newest().atLeast(head) : before;
  }

  /**
   * As {@link #landmark()}, and that it had a position. A landmark in doubt stays as it is: another
   * epoch's position would not answer for it.
   */
  KnownPosition landmark(Position had) {
    KnownPosition before = landmarks.doubted();
    return before == null ? newest().atLeast(head).atLeast(had) : before;
  }

  private KnownPosition newest() {
    return landmarks.noted().orNewer(window.newest(), head.epoch());
  }

  /** Whether what is heard live may be of a second life of the channel. */
  boolean isInDoubt() {
    return landmarks.doubted() != null;
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
      unstored(bytes);
      return;
    }
    Position position = header.position();
    if (!isInDoubt()) {
      window.add(ChannelMessage.of(channel, position, bytes, header.bodyStart()));
    }
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
    doubt();
    compareSoon.accept(this);
  }

  private synchronized void doubt() {
    landmarks.subscribed();
    if (isKnown(head)) {
      landmarks.doubt(landmark());
    }
  }

  /** To be taken before a page is asked for. */
  public synchronized Moment now() {
    return landmarks.now();
  }

  /**
   * Learns from a comparison where the channel stands.
   *
   * @param asked {@link #landmark} when the comparison was sent
   */
  void compare(Position told, KnownPosition asked) {
    Position before = head;
    boolean news = advance(told);
    landmarks.confirm(asked);
    if (news) {
      if (isKnown(before)) {
        counters.holeSeen();
      }
      observers.forEach(StreamObserver::advanced);
    }
  }

  /**
   * Learns from a page where the channel stands, and what is in it.
   *
   * @param asked {@link #now} before the page was asked for
   * @return whether it may be used: a page of before the last subscription may be of a Redis that
   *     is no more, and what it shows was not known when that was compared; and by what was noted
   *     meanwhile a page was not judged, so that it must not take the place of that
   */
  public boolean learn(Page page, Moment asked) {
    boolean news;
    synchronized (this) {
      if (!landmarks.note(page, asked)) {
        return false;
      }
      news = advance(page.end());
      landmarks.confirm();
    }
    if (news) {
      observers.forEach(StreamObserver::advanced);
    }
    return true;
  }

  /** Learns where the channel stands. */
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
      noteWindow();
    }
    return was;
  }

  private synchronized void noteWindow() {
    landmarks.note(newest());
    window.clear();
  }

  /** Nobody here subscribes any more; messages on their way are not kept. */
  void end() {
    window.close();
  }

  private synchronized boolean advance(Position told) {
    Position known = head;
    if (told.epoch().equals(known.epoch()) && told.offset() <= known.offset()) {
      return false;
    }
    head = told;
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

  private void unstored(byte[] bytes) {
    int liveBody = PositionHeader.liveBodyStart(bytes);
    if (liveBody < 0) {
      foreign(bytes);
    } else {
      ChannelMessage message = ChannelMessage.live(channel, bytes, liveBody);
      observers.forEach(observer -> observer.unstored(message));
    }
  }

  private void foreign(byte[] bytes) {
    int brace = 0;
    while (brace < bytes.length && bytes[brace] <= ' ') {
      brace++;
    }
    ChannelMessage message = ChannelMessage.foreign(channel, bytes, brace + 1);
    if (isEnvelope(bytes)) {
      counters.foreignSeen();
      observers.forEach(observer -> observer.unstored(message));
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
