package io.multiswarm.internal.registry;

import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.registry.SwarmRegistry.Departure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The swarms that nodes carry, as Redis has it.
 *
 * <p>When Redis comes back with older data, this node may carry some there that it has let go
 * since. It lives, so nobody buries it, and nobody beats for them: they would stay attached, with
 * all that they have, until they expire. So after each reconnection a node looks for such strays,
 * and lets them go as if it had lost them. It looks twice, a beat apart, for one that is just being
 * attached is a stray until the answer is here.
 */
final class CarriedSwarms {

  private static final Logger log = LoggerFactory.getLogger(CarriedSwarms.class);
  private static final String BEGIN = "0";
  private static final int ROSTER_PAGE = 500;
  private static final int LOOKS = 2;

  private final NodeContext context;
  private final DetachOutbox departures;
  private final AtomicInteger looks = new AtomicInteger();
  private volatile Set<Ownership> strays = Set.of();

  CarriedSwarms(NodeContext context, DetachOutbox departures) {
    this.context = context;
    this.departures = departures;
  }

  /** A page of what a node carries. */
  @ReplyOf(Script.SWARM_HELD)
  record Page(String next, List<Ownership> swarms) {

    private static Page from(ScriptReply reply) {
      ScriptReply pairs = reply.list(1);
      List<Ownership> swarms = new ArrayList<>(pairs.size() / 2);
      for (int i = 0; i < pairs.size(); i += 2) {
        swarms.add(new Ownership(pairs.string(i), pairs.number(i + 1)));
      }
      return new Page(reply.string(0), swarms);
    }

    boolean isLast() {
      return next.equals(BEGIN);
    }
  }

  /** The first part of what a node carries. */
  Mono<Page> first(String nodeId) {
    return page(nodeId, BEGIN);
  }

  /**
   * @param cursor of the part before
   */
  Mono<Page> page(String nodeId, String cursor) {
    ScriptCall call =
        ScriptCall.of(Script.SWARM_HELD)
            .key(context.keys().roster())
            .arg(nodeId)
            .arg(cursor)
            .arg(ROSTER_PAGE);
    return context.link().run(call).map(Page::from);
  }

  /** Redis may have other data than before: two looks are due. */
  void suspect() {
    looks.set(LOOKS);
  }

  /** The next look, if one is due; costs nothing otherwise. */
  Mono<Void> look() {
    return Mono.defer(() -> looks.get() == 0 ? Mono.empty() : lookNow());
  }

  private Mono<Void> lookNow() {
    int left = looks.get();
    return first(context.nodeId())
        .expand(page -> page.isLast() ? Mono.empty() : page(context.nodeId(), page.next()))
        .flatMapIterable(Page::swarms)
        .filter(this::isStray)
        .collect(HashSet<Ownership>::new, Set::add)
        .flatMapMany(
            found -> {
              List<Ownership> again = found.stream().filter(strays::contains).toList();
              boolean isLast = left == 1;
              strays = isLast ? Set.of() : found;
              looks.compareAndSet(left, left - 1);
              return again.isEmpty() ? Flux.empty() : letGo(again);
            })
        .then();
  }

  private Mono<Void> letGo(List<Ownership> again) {
    log.warn("Redis came back with {} swarms that this node has let go since", again.size());
    return departures.leave(again, Departure.LOST);
  }

  private boolean isStray(Ownership carried) {
    return context
        .holdings()
        .find(carried.swarmId())
        .filter(held -> held.ownership().equals(carried))
        .isEmpty();
  }
}
