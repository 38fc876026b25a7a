package io.multiswarm.tasks;

import io.multiswarm.election.LeaderDuty;
import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.tasks.Moves.Move;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Returns tasks whose lease is over, when it is over: the signals of assignments tell when to look.
 *
 * <p>While Redis is away nobody can renew, so afterwards all leases have run out at once. After
 * each trouble the duty therefore rests for a while, in which those who live renew.
 */
final class LeaseDuty implements LeaderDuty.Continuous, Moves.Listener {

  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final int A_CALL = 100;

  /**
   * What is due within it is looked at together: leases that ended long ago are due all the time.
   */
  private static final long SHORTEST_MS = 50;

  private final NodeContext context;
  private final TaskKeys keys;
  private final Duration restAfterTrouble;
  private volatile @Nullable Alarm alarm;
  private volatile long restUntil;
  private volatile boolean started;

  LeaseDuty(NodeContext context, TaskKeys keys) {
    this.context = context;
    this.keys = keys;
    this.restAfterTrouble = context.options().liveness().sessionGrace();
  }

  @Override
  public String name() {
    return "task leases";
  }

  @Override
  public Flux<?> perform(Leader leader) {
    return Alarms.whileSubscribed(
        context.scheduler(), LONGEST, () -> sweep(leader), made -> alarm = made);
  }

  @Override
  public boolean isListening() {
    return alarm != null;
  }

  @Override
  public void moved(Move move) {
    Alarm present = alarm;
    if (present != null && move.update().status() == TaskStatus.ASSIGNED && move.dueMs() >= 0) {
      present.ringWithin(Duration.ofMillis(move.dueMs() + 1));
    }
  }

  /** The first subscription of a process is no trouble; what it does not know is not its outage. */
  @Override
  public void reset() {
    if (started) {
      rest();
    }
    started = true;
  }

  private void rest() {
    restUntil = now() + restAfterTrouble.toMillis();
  }

  private Mono<Duration> sweep(Leader leader) {
    long rest = restUntil - now();
    if (rest > 0) {
      return Mono.just(Duration.ofMillis(rest));
    }
    return expire(leader)
        .expand(next -> next == 0 ? expire(leader) : Mono.empty())
        .last()
        .map(next -> next < 0 ? LONGEST : Duration.ofMillis(Math.max(next + 1, SHORTEST_MS)))
        .doOnError(error -> rest());
  }

  private Mono<Long> expire(Leader leader) {
    ScriptCall call =
        context
            .appending(Script.TASK_EXPIRE)
            .keys(keys.common())
            .arg(leader.epoch())
            .arg(context.options().tasks().deadRetention())
            .arg(keys.nodeSignalPrefix())
            .arg(A_CALL);
    return context
        .link()
        .run(call)
        .flatMap(reply -> Alarms.unlessFenced(reply, leader))
        .map(reply -> reply.number(1));
  }

  private long now() {
    return context.scheduler().now(TimeUnit.MILLISECONDS);
  }
}
