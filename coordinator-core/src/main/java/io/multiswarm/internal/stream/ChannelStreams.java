package io.multiswarm.internal.stream;

import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.internal.redis.NaturalBatcher;
import io.multiswarm.internal.redis.RedisLink;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.messaging.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The streams of a process, one a channel that somebody here subscribes. The first subscriber
 * subscribes the channel in Redis, the last one unsubscribes it.
 *
 * <p>Compares the streams' positions with Redis: each after its (re)subscription, and those that
 * were quiet or are in doubt every {@link #COMPARE_INTERVAL}. Comparisons leave in batches of up to
 * 500.
 */
public final class ChannelStreams {

  static final Duration COMPARE_INTERVAL = Duration.ofSeconds(5);

  private static final long WINDOW_BYTES = 64L << 20;
  private static final NaturalBatcher.Limits COMPARISONS =
      new NaturalBatcher.Limits(1, 500, Integer.MAX_VALUE, 1_000_000, Long.MAX_VALUE);

  private record Shared(ChannelStream stream, int users) {}

  private final Map<String, Shared> streams = new ConcurrentHashMap<>();
  private final RecentWindow.Budget windows = new RecentWindow.Budget(WINDOW_BYTES);
  private final RedisLink link;
  private final Keys keys;
  private final ChannelHistory history;
  private final StreamCounters counters;
  private final NaturalBatcher<ChannelStream, Boolean> comparisons;
  private final Disposable.Swap ticks = Disposables.swap();

  public ChannelStreams(NodeContext node, ChannelHistory history, StreamCounters counters) {
    this.link = node.link();
    this.keys = node.keys();
    this.history = history;
    this.counters = counters;
    this.comparisons =
        new NaturalBatcher<>("channel positions", COMPARISONS, one -> 1, this::compareAll);
  }

  public void start(Scheduler scheduler) {
    ticks.update(
        Flux.interval(COMPARE_INTERVAL, scheduler)
            .onBackpressureDrop()
            .subscribe(tick -> compareQuiet()));
  }

  public void stop() {
    ticks.dispose();
  }

  /**
   * Takes part in a channel's stream; every call needs one {@link #release}. Refused once the node
   * is shut down.
   */
  public ChannelStream acquire(String channel) {
    if (link.isClosed()) {
      throw RedisLink.shutDown();
    }
    return streams
        .compute(
            channel,
            (name, shared) ->
                shared == null
                    ? new Shared(begin(name), 1)
                    : new Shared(shared.stream(), shared.users() + 1))
        .stream();
  }

  public void release(ChannelStream stream) {
    streams.computeIfPresent(
        stream.channel(),
        (name, shared) -> {
          if (shared.users() > 1) {
            return new Shared(shared.stream(), shared.users() - 1);
          }
          link.subscriptions().remove(keys.channel(name), stream);
          stream.end();
          return null;
        });
  }

  /** The number of channels that this process hears. */
  public int size() {
    return streams.size();
  }

  /** The number of subscriptions of all channels. */
  public int subscriptions() {
    return streams.values().stream().mapToInt(Shared::users).sum();
  }

  private ChannelStream begin(String name) {
    ChannelStream stream = new ChannelStream(name, counters, windows, this::compareSoon);
    link.subscriptions().add(keys.channel(name), stream);
    return stream;
  }

  private void compareQuiet() {
    streams.values().stream()
        .map(Shared::stream)
        .filter(stream -> stream.quietSinceLastLook() || stream.isInDoubt())
        .forEach(this::compareSoon);
  }

  /**
   * A failed comparison is not repeated here: Redis was away, and its return means a new
   * subscription, which asks again; at the latest the next tick does.
   */
  private void compareSoon(ChannelStream stream) {
    comparisons.submit(stream).subscribe(done -> {}, error -> {});
  }

  private Mono<List<NaturalBatcher.Outcome<Boolean>>> compareAll(List<ChannelStream> batch) {
    ScriptCall call = ScriptCall.of(Script.CHANNEL_POSITIONS);
    batch.forEach(stream -> call.key(keys.historyMeta(stream.channel())));
    batch.forEach(stream -> call.key(keys.historyStream(stream.channel())));
    List<KnownPosition> asked = batch.stream().map(ChannelStream::landmark).toList();
    asked.forEach(landmark -> call.arg(landmark.text()));
    return link.run(call).flatMap(reply -> compared(batch, asked, Compared.from(reply)));
  }

  /**
   * How a channel stands in Redis.
   *
   * @param position null when Redis knows nothing of it, or has lost its history
   * @param lost whether it lost what the stream knows of it
   */
  @ReplyOf(Script.CHANNEL_POSITIONS)
  private record Compared(@Nullable Position position, boolean lost) {

    private static final int FIELDS = 3;

    static List<Compared> from(ScriptReply reply) {
      List<Compared> compared = new ArrayList<>(reply.size() / FIELDS);
      for (int i = 0; i + FIELDS <= reply.size(); i += FIELDS) {
        compared.add(
            reply.isNull(i)
                ? new Compared(null, false)
                : new Compared(
                    new Position(reply.string(i), reply.number(i + 1)), reply.number(i + 2) == 1));
      }
      return compared;
    }
  }

  private Mono<List<NaturalBatcher.Outcome<Boolean>>> compared(
      List<ChannelStream> batch, List<KnownPosition> asked, List<Compared> compared) {
    List<NaturalBatcher.Outcome<Boolean>> outcomes = new ArrayList<>(batch.size());
    List<Mono<Void>> losses = new ArrayList<>();
    int told = compared.size();
    for (int i = 0; i < told; i++) {
      ChannelStream stream = batch.get(i);
      Position position = compared.get(i).position();
      if (compared.get(i).lost()) {
        losses.add(loss(stream, asked.get(i)));
      } else if (position != null) {
        stream.compare(position, asked.get(i));
      }
      outcomes.add(NaturalBatcher.Outcome.of(position != null));
    }
    // One by one: each may move a whole history.
    Mono<List<NaturalBatcher.Outcome<Boolean>>> done =
        Flux.concat(losses).then(Mono.just(outcomes));
    return told == batch.size() ? done : done.flatMap(some -> rest(some, batch, told));
  }

  /** Of channels whose newest messages are large, fewer are compared in one call. */
  private Mono<List<NaturalBatcher.Outcome<Boolean>>> rest(
      List<NaturalBatcher.Outcome<Boolean>> some, List<ChannelStream> batch, int told) {
    return compareAll(batch.subList(told, batch.size()))
        .map(
            others -> {
              some.addAll(others);
              return some;
            });
  }

  /**
   * Redis came back without the newest messages. Their offsets must mean no others, or somebody who
   * knows them from before would miss those: the channel goes on in another epoch. If that fails,
   * it is found out again by whoever asks next.
   */
  private Mono<Void> loss(ChannelStream stream, KnownPosition asked) {
    return history
        .position(stream.channel(), asked)
        .doOnNext(page -> stream.compare(page.end(), asked))
        .onErrorResume(error -> Mono.empty())
        .then();
  }
}
