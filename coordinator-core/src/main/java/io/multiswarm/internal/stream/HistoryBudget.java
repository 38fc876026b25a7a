package io.multiswarm.internal.stream;

import io.multiswarm.internal.duties.Duty;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.RedisReads.Scored;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.messaging.ChannelName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What the histories of all channels may take of Redis together. Each is weighed now and then, more
 * often when all take more than half of that, the sum is told, and when it is too much, histories
 * are cut: first those of swarms that are gone, then the largest, each from its oldest message on,
 * so that a channel that says little keeps all that it said. Who reads what was cut is told of a
 * gap.
 *
 * <p>Publishing takes no part in it and is not slowed. So between two rounds the sum may grow by
 * what is published; Redis's own limit is the last one.
 *
 * <p>A swarm that is gone leaves a history that only those can read who are reading it already: it
 * is put to rest after a minute.
 */
public final class HistoryBudget implements Duty.Periodic<UpkeepTerm> {

  private static final Logger log = LoggerFactory.getLogger(HistoryBudget.class);

  private static final Duration INTERVAL = Duration.ofSeconds(10);

  /** While there is much room, one round of so many. */
  private static final int CALM_ROUNDS = 3;

  private static final Duration READ_AFTER_THE_END = Duration.ofMinutes(1);

  /** More cannot have been deregistered between two rounds, and those of before are at rest. */
  private static final int MOST_GONE = 5_000;

  private static final int WEIGHED_A_CALL = 250;
  private static final int CUT_A_CALL = 10;
  private static final String ANY_NUMBER = "";

  private final NodeContext node;
  private final Supplier<String> archived;
  private final AtomicInteger skipped = new AtomicInteger();
  private volatile @Nullable UpkeepTerm calmIn;
  private volatile boolean cutting;

  /**
   * @param archived key of the sorted set that has the swarms that are gone by the ms of their end
   */
  public HistoryBudget(NodeContext node, Supplier<String> archived) {
    this.node = node;
    this.archived = archived;
  }

  @Override
  public String name() {
    return "histories";
  }

  @Override
  public Duration interval() {
    return INTERVAL;
  }

  @Override
  public Mono<Void> run(UpkeepTerm term) {
    if (term.equals(calmIn) && skipped.incrementAndGet() < CALM_ROUNDS) {
      return Mono.empty();
    }
    skipped.set(0);
    return weigh(term);
  }

  private Mono<Void> weigh(UpkeepTerm term) {
    return histories()
        .flatMap(found -> new Round(term, ANY_NUMBER, WEIGHED_A_CALL, found).perform())
        .flatMap(
            weighed -> {
              HistoryWeights weights = new HistoryWeights(weighed, budget());
              calmIn = weights.sum() <= budget() / 2 ? term : null;
              return tell(term, weights.sum()).then(Mono.defer(() -> cut(term, weights)));
            });
  }

  private long budget() {
    return node.options().history().totalBytes();
  }

  /**
   * The history of one channel.
   *
   * @param swarm that is gone; empty for all others
   * @param unread whether that was so long ago that nobody reads it any more
   * @param bytes that it takes; 0 before it is weighed
   */
  record Weighed(String channel, String swarm, boolean unread, long bytes) {
    static Weighed of(String channel) {
      return new Weighed(channel, "", false, 0);
    }

    boolean isGone() {
      return !swarm.isEmpty();
    }

    Weighed taking(long now) {
      return new Weighed(channel, swarm, unread, now);
    }
  }

  /** Those that there may be: one that is registered again is not gone. */
  private Mono<Collection<Weighed>> histories() {
    return Mono.zip(node.link().reads().micros(), gone())
        .flatMap(
            read -> {
              Map<String, Weighed> all = new LinkedHashMap<>();
              read.getT2().forEach(swarm -> addGone(all, swarm, read.getT1() / 1_000));
              return Flux.concat(
                      Flux.fromIterable(ChannelName.shared()),
                      node.link().reads().fields(node.keys().roster()).map(ChannelName::of))
                  .doOnNext(channel -> all.put(channel, Weighed.of(channel)))
                  .then(Mono.fromSupplier(all::values));
            });
  }

  private Mono<List<Scored>> gone() {
    return node.link().reads().descending(archived.get(), Double.MAX_VALUE, MOST_GONE);
  }

  private void addGone(Map<String, Weighed> all, Scored swarm, long now) {
    double ago = now - swarm.score();
    // Beyond twice the age Redis has removed it.
    if (ago <= 2.0 * node.options().history().maxAge().toMillis()) {
      String channel = ChannelName.of(swarm.member());
      boolean unread = ago > READ_AFTER_THE_END.toMillis();
      all.put(channel, new Weighed(channel, swarm.member(), unread, 0));
    }
  }

  private Mono<Void> cut(UpkeepTerm term, HistoryWeights weights) {
    List<Weighed> tooLarge = weights.tooLarge();
    note(weights, !tooLarge.isEmpty());
    if (tooLarge.isEmpty()) {
      return Mono.empty();
    }
    return new Round(term, Long.toString(weights.level()), CUT_A_CALL, tooLarge)
        .perform()
        .flatMap(after -> tell(term, weights.sumAfter(after)));
  }

  private void note(HistoryWeights weights, boolean now) {
    if (now && !cutting) {
      log.warn(
          "Histories of channels take {} bytes and may take {}: the largest lose their oldest"
              + " messages",
          weights.sum(),
          budget());
    }
    cutting = now;
  }

  private Mono<Void> tell(UpkeepTerm term, long sum) {
    return node.link()
        .run(call(term, ANY_NUMBER, Long.toString(sum)))
        .flatMap(term::unlessFenced)
        .then();
  }

  private ScriptCall call(UpkeepTerm term, String most, String sum) {
    return node.appending(Script.CHANNEL_WEIGH)
        .key(node.keys().upkeep())
        .key(node.keys().roster())
        .key(node.keys().metrics())
        .arg(term.token())
        .arg(most)
        .arg(sum);
  }

  /**
   * @param taken by the first of the histories that were asked about
   */
  @ReplyOf(Script.CHANNEL_WEIGH)
  private record Weights(List<Long> taken) {
    static Weights from(ScriptReply reply) {
      return new Weights(reply.strings(1).stream().map(Long::valueOf).toList());
    }
  }

  /** One way through some histories, a call at a time; those that are cut come again. */
  private final class Round {
    private final UpkeepTerm term;
    private final String most;
    private final int aCall;
    private final Deque<Weighed> open;
    private final List<Weighed> done = new ArrayList<>();

    Round(UpkeepTerm term, String most, int aCall, Collection<Weighed> histories) {
      this.term = term;
      this.most = most;
      this.aCall = aCall;
      this.open = new ArrayDeque<>(histories);
    }

    /** What they take afterwards. */
    Mono<List<Weighed>> perform() {
      return Mono.defer(this::step)
          .repeat(() -> !open.isEmpty())
          .then(Mono.fromSupplier(() -> done));
    }

    private Mono<Void> step() {
      ScriptCall call = call(term, most, "");
      open.stream()
          .limit(aCall)
          .forEach(
              one ->
                  call.keys(node.keys().history(one.channel()))
                      .arg(isToGo(one) ? one.swarm() : ""));
      return node.link()
          .run(call)
          .flatMap(term::unlessFenced)
          .map(Weights::from)
          .doOnNext(weights -> weights.taken().forEach(this::learn))
          .then();
    }

    private boolean isToGo(Weighed history) {
      return history.unread() || isCut();
    }

    private boolean isCut() {
      return !most.isEmpty();
    }

    private void learn(long taken) {
      Weighed one = open.remove().taking(taken);
      if (isCut() && taken > Long.parseLong(most)) {
        open.add(one);
      } else {
        done.add(one);
      }
    }
  }
}
