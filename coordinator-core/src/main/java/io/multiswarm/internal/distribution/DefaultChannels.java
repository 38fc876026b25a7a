package io.multiswarm.internal.distribution;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.internal.stream.ChannelHistory;
import io.multiswarm.internal.stream.ChannelStream;
import io.multiswarm.internal.stream.ChannelStreams;
import io.multiswarm.internal.stream.Page;
import io.multiswarm.internal.stream.StreamCounters;
import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.ChannelName;
import io.multiswarm.messaging.Channels;
import io.multiswarm.messaging.Channels.ChannelSubscription;
import io.multiswarm.messaging.Channels.HistoryPage;
import io.multiswarm.messaging.Channels.ListeningChannel;
import io.multiswarm.messaging.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/** Subscribes, and reads history, for any number of subscribers of a process. */
public final class DefaultChannels implements Channels {

  /** One page is all that a subscriber costs beside its cursor. */
  private static final int PAGE_MESSAGES = 128;

  private static final int PAGE_BYTES = 64 << 10;
  private static final int HISTORY_LIMIT = 1_000;
  private static final long HISTORY_BYTES = 8 << 20;

  /** A script that reads so many takes about a millisecond. */
  private static final int HISTORY_PART = 256 << 10;

  private static final Duration ACKNOWLEDGEMENT = Duration.ofMillis(800);
  private static final Duration FIRST_RETRY = Duration.ofMillis(50);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(1);

  /** What a listener that is not there yet, or not any more, has been given. */
  private static final Disposable NOTHING_YET = () -> {};

  private static final Disposable NOBODY = Disposables.disposed();

  private final ChannelStreams streams;
  private final ChannelHistory history;
  private final StreamCounters counters;
  private final Scheduler scheduler;
  private final SharedPages pages = new SharedPages();
  private final UnstoredQueue.Budget unstored = new UnstoredQueue.Budget();

  public DefaultChannels(
      ChannelStreams streams,
      ChannelHistory history,
      StreamCounters counters,
      Scheduler scheduler) {
    this.streams = streams;
    this.history = history;
    this.counters = counters;
    this.scheduler = scheduler;
  }

  @Override
  public Mono<ChannelSubscription> subscribe(
      String channel, @Nullable Position since, Runnable wake) {
    return Mono.fromCallable(() -> ChannelName.check(channel))
        .flatMap(name -> subscribeTo(name, since, wake));
  }

  @Override
  public Flux<ChannelEvent> flux(String channel, @Nullable Position since) {
    return new ReaderFlux(wake -> subscribe(channel, since, wake).map(ChannelSubscription::reader));
  }

  @Override
  public Mono<ListeningChannel> listen(String channel, @Nullable Position since) {
    return Mono.create(sink -> listen(channel, since, sink));
  }

  /** What begins is not cancelled half-way: it is ended once it has begun. */
  private void listen(
      String channel, @Nullable Position since, MonoSink<ListeningChannel> listener) {
    OpenChannel.Wake wake = new OpenChannel.Wake();
    AtomicReference<Disposable> handedOver = new AtomicReference<>(NOTHING_YET);
    // Called only when the value does not arrive, even if it was on its way.
    listener.onCancel(() -> handedOver.getAndSet(NOBODY).dispose());
    subscribe(channel, since, wake)
        .subscribe(
            begun -> {
              OpenChannel open = new OpenChannel(begun, wake);
              if (handedOver.compareAndSet(NOTHING_YET, open)) {
                listener.success(open);
              } else {
                open.dispose();
              }
            },
            listener::error);
  }

  @Override
  public Mono<HistoryPage> history(String channel, @Nullable Position since, int limit) {
    if (limit < 1 || limit > HISTORY_LIMIT) {
      return Mono.error(
          CoordinationException.invalid("limit", "must be 1 to %d, is %d", HISTORY_LIMIT, limit));
    }
    return Mono.fromCallable(() -> ChannelName.check(channel))
        .flatMap(name -> read(name, since, limit))
        .map(HistoryParts::page);
  }

  // Subscribing: first the stream, then the position, so that nothing falls between them.

  private Mono<ChannelSubscription> subscribeTo(
      String channel, @Nullable Position since, Runnable wake) {
    return Mono.usingWhen(
        Mono.fromSupplier(() -> new Held(streams.acquire(channel))),
        held ->
            held.stream
                .subscribed()
                .timeout(ACKNOWLEDGEMENT, scheduler)
                .onErrorMap(TimeoutException.class, timeout -> notAcknowledged(channel))
                .then(history.position(held.stream))
                .map(found -> begin(held, found, since, wake)),
        Held::releaseUnlessUsed);
  }

  private ChannelSubscription begin(
      Held held, Page found, @Nullable Position asked, Runnable wake) {
    held.stream.learn(found.end());
    Position since =
        asked != null && asked.isBeginning() ? new Position(found.end().epoch(), 0) : asked;
    ChannelCursor cursor =
        new ChannelCursor(
            held.stream, start(found, since), this::readPage, unstored, counters, wake);
    held.stream.observe(cursor);
    return new ChannelSubscription(
        found.end(), isRecoverable(found, since), new ReleasingReader(cursor, held.use()));
  }

  private static ChannelCursor.Start start(Page found, @Nullable Position since) {
    if (since == null) {
      return new ChannelCursor.Start(found.end(), false);
    }
    boolean known = isOf(found.end(), since);
    return known
        ? new ChannelCursor.Start(since, false)
        : new ChannelCursor.Start(new Position(found.end().epoch(), 0), true);
  }

  private static boolean isRecoverable(Page found, @Nullable Position since) {
    if (since == null) {
      return true;
    }
    boolean nothingMissed = since.offset() == found.end().offset();
    boolean retained = found.first() > 0 && since.offset() >= found.first() - 1;
    return isOf(found.end(), since) && (nothingMissed || retained);
  }

  /** A position beyond the end belongs to another history, whatever its epoch is called. */
  private static boolean isOf(Position end, Position since) {
    return since.epoch().equals(end.epoch()) && since.offset() <= end.offset();
  }

  private Disposable readPage(ChannelStream stream, Position after, Consumer<Page> result) {
    return pages
        .of(stream, after, history.after(stream, after, PAGE_MESSAGES, PAGE_BYTES))
        .retryWhen(
            Retry.backoff(Long.MAX_VALUE, FIRST_RETRY)
                .maxBackoff(LONGEST_RETRY)
                .scheduler(scheduler))
        .subscribe(result);
  }

  private static CoordinationException notAcknowledged(String channel) {
    return CoordinationException.of(
            ErrorCode.UNAVAILABLE, "channel: %s cannot be subscribed, Redis is away", channel)
        .retryAfter(LONGEST_RETRY);
  }

  // History

  private Mono<HistoryParts> read(String channel, @Nullable Position since, int limit) {
    return first(channel, since, limit)
        .map(page -> new HistoryParts(page, limit))
        .expand(
            parts ->
                parts.isWhole()
                    ? Mono.empty()
                    : history
                        .after(channel, parts.last(), parts.missing(), HISTORY_PART)
                        .map(parts::with))
        .last();
  }

  private Mono<Page> first(String channel, @Nullable Position since, int limit) {
    if (since == null) {
      return history.newest(channel, limit, HISTORY_PART);
    }
    return history
        .after(channel, since.offset(), limit, HISTORY_PART)
        .flatMap(
            page ->
                isOf(page.end(), since) || since.isBeginning()
                    ? Mono.just(page)
                    : history.after(channel, 0, limit, HISTORY_PART));
  }

  /** A part of a history that is read in several pages, of one epoch, as it stood at the first. */
  private static final class HistoryParts {
    private final Page first;
    private final int limit;
    private final List<ChannelMessage> messages;
    private long bytes;
    private boolean ended;

    HistoryParts(Page first, int limit) {
      this.first = first;
      this.limit = limit;
      this.messages = new ArrayList<>(first.messages());
      this.bytes = first.weight();
      this.ended = first.reachesEnd();
    }

    HistoryParts with(Page next) {
      if (next.end().epoch().equals(first.end().epoch())) {
        messages.addAll(next.messages());
        bytes += next.weight();
        ended = next.reachesEnd() || last() >= first.end().offset();
      } else {
        ended = true;
      }
      return this;
    }

    boolean isWhole() {
      return ended || missing() <= 0 || bytes >= HISTORY_BYTES;
    }

    int missing() {
      return limit - messages.size();
    }

    long last() {
      return messages.get(messages.size() - 1).position().offset();
    }

    HistoryPage page() {
      Position end = first.end();
      return new HistoryPage(end.epoch(), first.first(), end.offset(), messages);
    }
  }

  /** A share in a stream, released once: by the reader that uses it, or because none came to be. */
  private final class Held {
    private final ChannelStream stream;
    private volatile boolean used;

    Held(ChannelStream stream) {
      this.stream = stream;
    }

    Runnable use() {
      used = true;
      AtomicBoolean released = new AtomicBoolean();
      return () -> {
        if (released.compareAndSet(false, true)) {
          streams.release(stream);
        }
      };
    }

    Mono<Void> releaseUnlessUsed() {
      return Mono.fromRunnable(
          () -> {
            if (!used) {
              streams.release(stream);
            }
          });
    }
  }
}
