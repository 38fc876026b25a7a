package io.multiswarm.internal.registry;

import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The lease by which others know that this node lives: one for all the swarms that it carries.
 *
 * <p>A node whose lease is over may not take a swarm, and may have been given up for dead. So who
 * finds it over beats first, and then looks which of its swarms are left.
 */
final class NodeLease {

  private static final Logger log = LoggerFactory.getLogger(NodeLease.class);
  private static final String BY_ITSELF = "";

  private final NodeContext context;
  private final Heartbeats heartbeats;
  private final RedisNodes nodes;

  NodeLease(NodeContext context, Heartbeats heartbeats, RedisNodes nodes) {
    this.context = context;
    this.heartbeats = heartbeats;
    this.nodes = nodes;
  }

  /** Renews the lease; when it had lapsed, completes after the holdings were checked. */
  Mono<Void> renew() {
    return Mono.defer(
        () -> {
          boolean isFirst = nodes.started().isEmpty();
          return beat().flatMap(wasGood -> wasGood ? Mono.empty() : recover(isFirst));
        });
  }

  private Mono<Boolean> beat() {
    return Mono.defer(
        () -> {
          long sent = context.scheduler().now(TimeUnit.NANOSECONDS);
          return context
              .link()
              .run(beatCall())
              .map(Beaten::from)
              .doOnNext(
                  beaten -> {
                    long nanos = context.scheduler().now(TimeUnit.NANOSECONDS) - sent;
                    nodes.beaten(beaten.started(), Duration.ofNanos(Math.max(0, nanos)));
                  })
              .map(Beaten::wasGood);
        });
  }

  /**
   * @param wasGood whether the lease had not lapsed
   * @param started when the node did, in ms by Redis's clock
   */
  @ReplyOf(Script.NODE_BEAT)
  private record Beaten(boolean wasGood, long started) {

    static Beaten from(ScriptReply reply) {
      return new Beaten(reply.number(0) == 1, reply.number(1));
    }
  }

  private ScriptCall beatCall() {
    return ScriptCall.of(Script.NODE_BEAT)
        .key(context.keys().nodes())
        .key(context.keys().node(context.nodeId()))
        .key(context.keys().nodeFacts())
        .arg(context.nodeId())
        .arg(context.options().liveness().nodeLease())
        .arg(nodes.started())
        .arg(nodes.facts());
  }

  /** Before the first beat there was no lease that could lapse. */
  private Mono<Void> recover(boolean isFirst) {
    int held = context.holdings().size();
    if (held > 0 && !isFirst) {
      log.warn("The lease of this node had lapsed; checking its {} swarms", held);
    }
    return heartbeats.round();
  }

  /** The node leaves: nobody needs to wait for its lease. */
  Mono<Void> end() {
    return remove(context.nodeId(), BY_ITSELF).then();
  }

  /** Removes another node, if its lease is over, and ends its leadership. */
  Mono<Void> bury(String nodeId, UpkeepTerm term) {
    return remove(nodeId, Long.toString(term.token())).flatMap(term::unlessFenced).then();
  }

  private Mono<ScriptReply> remove(String nodeId, String token) {
    ScriptCall call =
        context
            .appending(Script.NODE_REMOVE)
            .key(context.keys().nodes())
            .key(context.keys().node(nodeId))
            .key(context.keys().upkeep())
            .keys(context.keys().vacancy())
            .key(context.keys().signals())
            .key(context.keys().nodeFacts())
            .arg(nodeId)
            .arg(token);
    return context.link().run(call);
  }
}
