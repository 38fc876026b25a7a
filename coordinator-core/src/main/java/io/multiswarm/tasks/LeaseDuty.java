package io.multiswarm.tasks;

import io.multiswarm.election.LeaderDuty;
import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.tasks.Moves.Move;
import java.time.Duration;
import java.util.List;
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
    return expire(leader, List.of())
        .expand(reply -> reply.list(1).size() == 0 ? Mono.empty() : expire(leader, members(reply)))
        .last()
        .map(reply -> reply.number(2) < 0 ? LONGEST : Duration.ofMillis(reply.number(2) + 1))
        .doOnError(error -> rest());
  }

  private static List<String> members(ScriptReply reply) {
    ScriptReply over = reply.list(1);
    return java.util.stream.IntStream.range(0, over.size()).mapToObj(over::string).toList();
  }

  private Mono<ScriptReply> expire(Leader leader, List<String> members) {
    ScriptCall call =
        context
            .appending(Script.TASK_EXPIRE)
            .keys(keys.common())
            .arg(leader.epoch())
            .arg(context.options().tasks().deadRetention())
            .arg(keys.nodeSignalPrefix())
            .arg(A_CALL);
    for (String member : members) {
      int bar = member.indexOf('|');
      String swarm = member.substring(0, bar);
      String task = member.substring(bar + 1);
      call.key(keys.task(task)).key(keys.assigned(swarm)).arg(swarm).arg(task);
    }
    return context.link().run(call).flatMap(reply -> Alarms.unlessFenced(reply, leader));
  }

  private long now() {
    return context.scheduler().now(TimeUnit.MILLISECONDS);
  }
}
