package io.multiswarm.internal.registry;

import io.multiswarm.internal.node.AttachedSwarms.Held;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.Staggering;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Signs of life for all swarms of this node, and the check that it still holds them. A swarm that
 * it lost without hearing of it, because the signal went by while the subscriber connection was
 * away, leaves the holdings here.
 *
 * <p>The keys of a swarm live for its TTL; they are renewed for a part of the swarms in each round,
 * so that each has its turn within a quarter of the TTL.
 */
final class Heartbeats {

  /** An item costs Redis a microsecond; idle swarms should cost few calls. */
  private static final int BATCH = 500;

  private static final int RENEW_BATCH = 100;

  /** A heartbeat three times within the TTL keeps a swarm that is attached from expiring. */
  private static final int BEATS_PER_TTL = 3;

  private static final int RENEWALS_PER_TTL = 4;

  private final NodeContext context;
  private final DetachOutbox departures;
  private final AtomicLong rounds = new AtomicLong();

  Heartbeats(NodeContext context, DetachOutbox departures) {
    this.context = context;
    this.departures = departures;
  }

  Duration interval() {
    Duration wanted = context.options().liveness().heartbeatInterval();
    Duration longest = context.options().swarmTtl().dividedBy(BEATS_PER_TTL);
    return wanted.compareTo(longest) < 0 ? wanted : longest;
  }

  /** Beats for all that is held, and renews the keys of those whose turn it is. */
  Mono<Void> round() {
    return Mono.defer(
        () -> {
          List<Held> held = List.copyOf(context.holdings().all());
          return beatAll(held).then(renewSome(held, rounds.getAndIncrement()));
        });
  }

  private Mono<Void> beatAll(List<Held> held) {
    return Flux.fromIterable(held).buffer(BATCH).concatMap(this::beat).then();
  }

  private Mono<Void> beat(List<Held> batch) {
    ScriptCall call =
        ScriptCall.of(Script.NODE_HEARTBEATS)
            .key(context.keys().roster())
            .key(context.keys().heartbeats())
            .key(context.keys().detached())
            .key(context.keys().nodes())
            .arg(context.nodeId());
    batch.forEach(held -> call.arg(held.swarmId()).arg(held.ownership().incarnation()));
    return context.link().run(call).flatMap(reply -> learn(batch, News.from(reply)));
  }

  /** What became of a swarm of the batch that is not simply held. */
  @ReplyOf(Script.NODE_HEARTBEATS)
  private record News(int index, String word) {

    static List<News> from(ScriptReply reply) {
      List<News> news = new ArrayList<>(reply.size() / 2);
      for (int i = 0; i < reply.size(); i += 2) {
        news.add(new News((int) reply.number(i) - 1, reply.string(i + 1)));
      }
      return news;
    }
  }

  private Mono<Void> learn(List<Held> batch, List<News> news) {
    for (News one : news) {
      Held held = batch.get(one.index());
      switch (one.word()) {
        case "back" -> departures.keepOrLeave(held);
        case "ended" -> lose(held, "not registered any more");
        case "interrupted" -> lose(held, "interrupted");
        default -> lose(held, "taken over");
      }
    }
    return departures.retry();
  }

  private void lose(Held held, String reason) {
    context.holdings().remove(held.swarmId(), held.ownership().incarnation(), reason);
  }

  private Mono<Void> renewSome(List<Held> held, long round) {
    Duration ttl = context.options().swarmTtl();
    Staggering turns =
        Staggering.of(ttl.dividedBy(RENEWALS_PER_TTL), interval(), Integer.MAX_VALUE);
    return Flux.fromIterable(held)
        .filter(one -> turns.isIn(round, one.swarmId()))
        .buffer(RENEW_BATCH)
        .concatMap(batch -> renew(batch, ttl))
        .then();
  }

  private Mono<ScriptReply> renew(List<Held> batch, Duration ttl) {
    ScriptCall call = ScriptCall.of(Script.NODE_RENEW).arg(ttl);
    batch.forEach(
        held ->
            call.key(context.keys().record(held.swarmId()))
                .key(context.keys().swarm(held.swarmId())));
    return context.link().run(call);
  }
}
