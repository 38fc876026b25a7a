package io.multiswarm.internal.tasks.store;

import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.PassingFailures;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * What ended tasks may take of Redis. Beyond it, and when Redis has no memory left for what is
 * submitted, the oldest go before their time.
 */
public final class EndedTasks {

  private static final Logger log = LoggerFactory.getLogger(EndedTasks.class);

  /** So that not each end that follows has to make room again. */
  private static final int SLACK = 16;

  private static final long ROOM = 16L << 20;

  private final NodeContext context;
  private final TaskKeys keys;
  private final AtomicBoolean evicting = new AtomicBoolean();

  public EndedTasks(NodeContext context, TaskKeys keys) {
    this.context = context;
    this.keys = keys;
  }

  /**
   * Makes room if that is necessary, and lets nobody wait for it.
   *
   * @param taken bytes that ended tasks take, as a script told that ended some
   */
  public void weigh(long taken) {
    long most = context.options().tasks().retentionBytes();
    if (taken > most && evicting.compareAndSet(false, true)) {
      evict(most - most / SLACK)
          .doFinally(end -> evicting.set(false))
          .subscribe(
              left -> {},
              // The next end tries again.
              error ->
                  PassingFailures.tell(log, "Ended tasks take too much, and stay for now", error));
    }
  }

  /** Removes some of the oldest, whatever all may take; false when there are none. */
  public Mono<Boolean> makeRoom() {
    return evict(Long.MAX_VALUE >> 12)
        .flatMap(taken -> evict(Math.max(0, taken - ROOM)).map(left -> left < taken));
  }

  /** The bytes that are taken then. */
  private Mono<Long> evict(long most) {
    return call(most)
        .expand(evicted -> evicted.isTooMuch() ? call(most) : Mono.empty())
        .last()
        .map(Evicted::taken);
  }

  /**
   * @param taken bytes of those that are left
   * @param isTooMuch still, and some are left
   */
  @ReplyOf(Script.TASK_EVICT)
  private record Evicted(long taken, boolean isTooMuch) {

    static Evicted from(ScriptReply reply) {
      return new Evicted(reply.number(0), reply.number(1) == 1);
    }
  }

  private Mono<Evicted> call(long most) {
    return context
        .link()
        .run(
            ScriptCall.of(Script.TASK_EVICT)
                .keys(keys.common())
                .key(keys.index())
                .key(keys.dedupe())
                .arg(most))
        .map(Evicted::from);
  }
}
