package io.multiswarm.internal.tasks.upkeep;

import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.tasks.TaskStatus;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;

/**
 * Returns tasks whose lease is over, when it is over: the signals of assignments tell when to look.
 *
 * <p>While Redis is away nobody can renew, so afterwards all leases have run out at once. After
 * each trouble the duty therefore rests for a while, in which those who live renew.
 */
final class LeaseDuty extends DueDuty {

  /**
   * What is due within it is looked at together: leases that ended long ago are due all the time.
   */
  private static final long SHORTEST_MS = 50;

  private final NodeContext context;
  private final TaskKeys keys;
  private final Duration restAfterTrouble;
  private volatile long restUntil;
  private volatile boolean started;

  LeaseDuty(NodeContext context, TaskKeys keys) {
    super(context.scheduler(), TaskStatus.ASSIGNED);
    this.context = context;
    this.keys = keys;
    this.restAfterTrouble = context.options().liveness().sessionGrace();
  }

  @Override
  public String name() {
    return "task leases";
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

  @Override
  Mono<Duration> doDue(UpkeepTerm term) {
    long rest = restUntil - now();
    if (rest > 0) {
      return Mono.just(Duration.ofMillis(rest));
    }
    return expire(term)
        .map(Expired::nextMs)
        .expand(next -> next == 0 ? expire(term).map(Expired::nextMs) : Mono.empty())
        .last()
        .map(next -> next < 0 ? LONGEST : Duration.ofMillis(Math.max(next + 1, SHORTEST_MS)))
        .doOnError(error -> rest());
  }

  /**
   * @param nextMs until there is something to look at; negative when there is nothing
   */
  @ReplyOf(Script.TASK_EXPIRE)
  private record Expired(long nextMs) {

    static Expired from(ScriptReply reply) {
      return new Expired(reply.number(1));
    }
  }

  private Mono<Expired> expire(UpkeepTerm term) {
    ScriptCall call =
        context
            .appending(Script.TASK_EXPIRE)
            .keys(keys.common())
            .key(context.keys().upkeep())
            .arg(term.token())
            .arg(context.options().tasks().deadRetention())
            .arg(keys.nodeSignalPrefix())
            .arg(A_CALL);
    return context.link().run(call).flatMap(term::unlessFenced).map(Expired::from);
  }

  private long now() {
    return context.scheduler().now(TimeUnit.MILLISECONDS);
  }
}
