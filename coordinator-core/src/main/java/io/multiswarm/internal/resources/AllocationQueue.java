package io.multiswarm.internal.resources;

import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.Retries;
import io.multiswarm.internal.node.Wakeups;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.resources.AllocationRequest;
import io.multiswarm.resources.Grant;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/**
 * Allocations, and this node's part of those who wait. The line itself is in Redis: whose turn has
 * come is decided there, by the script that frees something. A waiting call asks again when it is
 * told that its turn has come, and at its deadline; to ask is to run the same script with the same
 * request id, which answers with the grant, the refusal or the time that is left.
 *
 * <p>Who stops waiting leaves the line, even if Redis is away at that moment.
 */
final class AllocationQueue {

  /** Calls in the lines of the fleet at most. */
  static final int MAX_WAITERS = 10_000;

  private static final Logger log = LoggerFactory.getLogger(AllocationQueue.class);
  private static final String TURN = "resource-turn";

  private final NodeContext context;
  private final ResourceCalls calls;
  private final Wakeups wakeups;

  /** How many calls wait in one place: by its id and the incarnation that waits. */
  private final Map<Place, Integer> places = new ConcurrentHashMap<>();

  /** A swarm's place in its lines; several calls of one request share it. */
  private record Place(Ownership owner, String requestId) {
    String id() {
      return owner.swarmId() + '|' + requestId;
    }
  }

  AllocationQueue(NodeContext context) {
    this.context = context;
    this.calls = new ResourceCalls(context);
    this.wakeups = new Wakeups(context.scheduler(), this::changed);
    context.signals().on(TURN, wakeups::wake);
    context.signals().onReset(wakeups::signalsLost);
  }

  Mono<Grant> allocate(Ownership owner, AllocationRequest request) {
    return (request.maxWait().isZero() ? ask(owner, request, 0) : waiting(owner, request))
        .map(reply -> granted(reply, owner, request));
  }

  private Mono<AllocationReply> waiting(Ownership owner, AllocationRequest request) {
    return Mono.defer(
        () -> {
          Place place = new Place(owner, request.requestId());
          Deadline deadline = new Deadline();
          Mono<AllocationReply> ask =
              Mono.defer(() -> ask(owner, request, deadline.redisMs)).doOnNext(deadline::note);
          places.merge(place, 1, Integer::sum);
          return wakeups
              .until(place.id(), ask, deadline::left)
              .doFinally(end -> ended(place, deadline, end));
        });
  }

  /** When a call's waiting is over, as the first answer gave it. */
  private static final class Deadline {
    private volatile long redisMs;
    private volatile Duration left = Duration.ZERO;

    void note(AllocationReply reply) {
      if (reply.isWaiting()) {
        redisMs = reply.deadline();
        left = reply.left();
      }
    }

    Optional<Duration> left(AllocationReply reply) {
      return reply.isWaiting() ? Optional.of(left) : Optional.empty();
    }
  }

  /**
   * @param deadline in the milliseconds of Redis, as the first answer gave it; 0 before
   */
  private Mono<AllocationReply> ask(Ownership owner, AllocationRequest request, long deadline) {
    StringBuilder amounts = new StringBuilder();
    request
        .amounts()
        .forEach((type, amount) -> amounts.append(type).append('=').append(amount).append(';'));
    ScriptCall call =
        calls
            .of(Script.RESOURCE_ALLOCATE, owner, request.requestId())
            .arg(amounts.toString())
            .arg(request.maxWait())
            .arg(deadline)
            .arg(context.nodeId())
            .arg(MAX_WAITERS);
    return context.link().run(call).map(AllocationReply::from);
  }

  private static Grant granted(AllocationReply reply, Ownership owner, AllocationRequest request) {
    Grant grant = reply.grant();
    if (grant == null) {
      throw ResourceRefusals.ofAllocation(reply, owner, request);
    }
    return grant;
  }

  /** Also serves the lines of who went away without a word: their nodes may be gone. */
  private Flux<String> changed(List<String> waiters) {
    ScriptCall call = calls.of(Script.RESOURCE_LOOK);
    waiters.forEach(call::arg);
    return context.link().run(call).flatMapIterable(ScriptReply::onlyTexts);
  }

  /** Another call of the same request keeps the place. */
  private void ended(Place place, Deadline deadline, SignalType end) {
    Integer others =
        places.computeIfPresent(place, (any, calling) -> calling == 1 ? null : calling - 1);
    if (others == null && end == SignalType.CANCEL) {
      leave(place, deadline);
    }
  }

  /** What Redis can't be told until the deadline is of no interest any more. */
  private void leave(Place place, Deadline deadline) {
    ScriptCall call =
        calls
            .of(Script.RESOURCE_LEAVE)
            .arg(place.id())
            .arg(place.owner().incarnation())
            .arg(context.nodeId());
    context
        .link()
        .run(call)
        .retryWhen(Retries.untilAnswered(context.scheduler()))
        .timeout(deadline.left.plusSeconds(1), context.scheduler())
        .subscribe(
            left -> {},
            error -> log.debug("{} leaves its line at its deadline: {}", place.id(), error));
  }
}
