package io.multiswarm.internal.resources;

import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.resources.AllocationRequest;
import io.multiswarm.resources.Grant;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Allocations, and this node's part of those who wait. The line itself is in Redis: whose turn has
 * come is decided there, by the script that frees something. A waiting call asks again when it is
 * told that its turn has come, and every {@link #ASK_AGAIN} in case it was not; to ask is to run
 * the same script with the same request id, which answers with the grant, the refusal or the time
 * that is left.
 */
final class AllocationQueue {

  /** Calls in the lines of the fleet at most. */
  static final int MAX_WAITERS = 10_000;

  private static final Logger log = LoggerFactory.getLogger(AllocationQueue.class);
  private static final String TURN = "resource-turn";
  private static final Duration ASK_AGAIN = Duration.ofMillis(500);

  private final NodeContext context;
  private final ResourceCalls calls;
  private final Map<String, Set<Waiter>> waiters = new ConcurrentHashMap<>();

  AllocationQueue(NodeContext context) {
    this.context = context;
    this.calls = new ResourceCalls(context);
    context.signals().on(TURN, this::wake);
    context.signals().onReset(() -> waiters.keySet().forEach(this::wake));
  }

  Mono<Grant> allocate(Ownership owner, AllocationRequest request) {
    if (request.maxWait().isZero()) {
      return ask(owner, request, 0).map(reply -> granted(reply, owner, request));
    }
    return Mono.defer(() -> new Waiter(owner, request).grant());
  }

  /**
   * @param deadline in the milliseconds of Redis, as the first answer gave it; 0 before
   */
  private Mono<ScriptReply> ask(Ownership owner, AllocationRequest request, long deadline) {
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
    return context.link().run(call);
  }

  private static Grant granted(ScriptReply reply, Ownership owner, AllocationRequest request) {
    if (!reply.isOk()) {
      throw ResourceRefusals.ofAllocation(reply, owner, request);
    }
    return Grant.parse(reply.string(1));
  }

  private void wake(String waiterId) {
    waiters.getOrDefault(waiterId, Set.of()).forEach(Waiter::wake);
  }

  private void leave(Waiter waiter) {
    ScriptCall call =
        calls
            .of(Script.RESOURCE_LEAVE)
            .arg(waiter.id)
            .arg(waiter.owner.incarnation())
            .arg(context.nodeId());
    context
        .link()
        .run(call)
        .subscribe(
            left -> {},
            error -> log.debug("{} leaves its line at its deadline: {}", waiter.id, error));
  }

  /** One call that waits. */
  private final class Waiter {

    private final Ownership owner;
    private final AllocationRequest request;
    private final String id;
    private volatile Sinks.Empty<Void> turn = Sinks.empty();
    private volatile boolean ended;
    private long deadline;
    private long left;

    Waiter(Ownership owner, AllocationRequest request) {
      this.owner = owner;
      this.request = request;
      this.id = owner.swarmId() + '|' + request.requestId();
    }

    Mono<Grant> grant() {
      return Mono.defer(this::askOnce)
          .repeatWhen(answers -> answers.concatMap(any -> turn()))
          .filter(reply -> !isWaiting(reply))
          .next()
          .map(reply -> granted(reply, owner, request))
          .doOnSubscribe(any -> register())
          .doOnTerminate(() -> ended = true)
          .doOnCancel(this::cancelled)
          .doFinally(any -> unregister());
    }

    /** What wakes from now on is about a later state than the answer's, and is not missed. */
    private Mono<ScriptReply> askOnce() {
      turn = Sinks.empty();
      return ask(owner, request, deadline).doOnNext(this::note);
    }

    private void note(ScriptReply reply) {
      if (isWaiting(reply)) {
        deadline = reply.number(1);
        left = reply.number(2);
      }
    }

    private Mono<Boolean> turn() {
      Duration pause = Duration.ofMillis(Math.min(left, ASK_AGAIN.toMillis()));
      Mono<Long> later = Mono.delay(pause, context.scheduler());
      return Mono.firstWithSignal(turn.asMono(), later.then()).thenReturn(true);
    }

    void wake() {
      // Any result is right: OK wakes, and a turn that was told before is told already.
      turn.tryEmitEmpty();
    }

    /** Another call of the same request keeps the place. */
    private void cancelled() {
      unregister();
      if (!ended && waiters.getOrDefault(id, Set.of()).stream().noneMatch(this::isRepeatedBy)) {
        leave(this);
      }
    }

    private boolean isRepeatedBy(Waiter other) {
      return other.owner.equals(owner);
    }

    private void register() {
      waiters.compute(
          id,
          (any, present) -> {
            Set<Waiter> all = present == null ? ConcurrentHashMap.newKeySet() : present;
            all.add(this);
            return all;
          });
    }

    private void unregister() {
      waiters.computeIfPresent(
          id,
          (any, present) -> {
            present.remove(this);
            return present.isEmpty() ? null : present;
          });
    }
  }

  private static boolean isWaiting(ScriptReply reply) {
    return reply.status().equals("WAITING");
  }
}
