package io.multiswarm.internal.tasks.worker;

import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.DeadlineTimer;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.PassingFailures;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.internal.tasks.store.TaskKeys;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Renews the leases of the swarms that asked for it, as long as they are attached to this node. */
final class AutoExtender implements Disposable {

  private static final Logger log = LoggerFactory.getLogger(AutoExtender.class);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final Duration AFTER_FAILURE = Duration.ofMillis(500);
  private static final int MOST_A_CALL = 100;
  private static final int CALLS_AT_ONCE = 4;
  private static final String NO_PROGRESS = "";

  private final NodeContext context;
  private final TaskKeys keys;
  private final AssignmentsBySwarm desks;
  private final DeadlineTimer timer;

  AutoExtender(NodeContext context, TaskKeys keys, AssignmentsBySwarm desks) {
    this.context = context;
    this.keys = keys;
    this.desks = desks;
    this.timer = new DeadlineTimer(context.scheduler(), LONGEST, this::renewDue);
  }

  /** A desk has something that it must keep. */
  void watch(AssignmentsInFlight desk) {
    Long next = desk.nextRenewal();
    if (next != null) {
      timer.wakeWithin(Duration.ofMillis(next - now()));
    }
  }

  private Mono<Duration> renewDue() {
    return Flux.fromIterable(desks.all())
        .filter(AssignmentsInFlight::isAutoExtending)
        .flatMap(this::renew, CALLS_AT_ONCE)
        .then(Mono.fromSupplier(this::untilNext))
        .onErrorResume(
            error -> {
              PassingFailures.tell(log, "Leases were not renewed and will be soon", error);
              return Mono.just(AFTER_FAILURE);
            });
  }

  private Mono<Void> renew(AssignmentsInFlight desk) {
    return Mono.fromSupplier(() -> desk.takeRenewals(now(), MOST_A_CALL))
        .filter(due -> !due.isEmpty())
        .flatMap(due -> renew(desk.owner(), due))
        // A full call may have left some over.
        .repeat(() -> isDue(desk))
        .then();
  }

  private boolean isDue(AssignmentsInFlight desk) {
    Long next = desk.nextRenewal();
    return next != null && next <= now();
  }

  /** What is refused needs no care: the desk is about to be closed, or the task to be revoked. */
  private Mono<ScriptReply> renew(Ownership owner, List<Given> due) {
    ScriptCall call = ScriptCall.of(Script.TASK_EXTEND).keys(keys.common());
    for (Given assignment : due) {
      call.arg(assignment.taskId())
          .arg(owner.swarmId())
          .arg(owner.incarnation())
          .arg(assignment.attempt())
          .arg(NO_PROGRESS);
    }
    return context.link().run(call);
  }

  private Duration untilNext() {
    return desks.all().stream()
        .map(AssignmentsInFlight::nextRenewal)
        .filter(Objects::nonNull)
        .min(Long::compare)
        .map(next -> Duration.ofMillis(Math.max(0, next - now())))
        .orElse(LONGEST);
  }

  private long now() {
    return context.scheduler().now(TimeUnit.MILLISECONDS);
  }

  @Override
  public void dispose() {
    timer.dispose();
  }
}
