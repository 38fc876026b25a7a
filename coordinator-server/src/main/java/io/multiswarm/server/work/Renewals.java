package io.multiswarm.server.work;

import static io.multiswarm.common.ErrorCode.FENCED;
import static io.multiswarm.common.ErrorCode.NOT_FOUND;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Json;
import io.multiswarm.server.client.WireClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * Tells progress, renews leases that the server does not renew, and ends the commands of those that
 * it refuses to. Used on the runner's thread alone.
 */
final class Renewals {

  private static final Logger log = LoggerFactory.getLogger(Renewals.class);

  private static final int A_LEASE = 3;

  private final SwarmHold hold;
  private final Map<TaskKey, CommandAttempt> runs;
  private final Scheduler loop;
  private final Map<TaskKey, Long> renewedAt = new HashMap<>();

  /**
   * Creates it.
   *
   * @param runs what runs; not changed here
   */
  Renewals(SwarmHold hold, Map<TaskKey, CommandAttempt> runs, Scheduler loop) {
    this.hold = hold;
    this.runs = runs;
    this.loop = loop;
  }

  /**
   * Does what is due.
   *
   * @param byTheServer whether the server renews
   */
  void beat(boolean byTheServer) {
    WireClient client = hold.client();
    renewedAt.keySet().retainAll(runs.keySet());
    if (client == null) {
      return;
    }
    for (CommandAttempt run : List.copyOf(runs.values())) {
      TaskKey key = run.lease().key();
      long due =
          renewedAt.computeIfAbsent(key, begun -> now())
              + run.lease().length().toMillis() / A_LEASE;
      Json progress = run.hasEnded() ? null : run.takeProgress();
      if (progress != null || (!byTheServer && now() >= due)) {
        renew(client, key, progress);
      }
    }
  }

  /** Renews one; ends its command when that is refused. */
  void renew(WireClient client, TaskKey key, @Nullable Json progress) {
    renewedAt.put(key, now());
    Map<String, ?> more = progress == null ? Map.of() : Map.of("progress", progress);
    hold.call(client, "task.extend", key, more)
        .subscribe(renewed -> {}, refusal -> refused(client, key, progress, refusal));
  }

  private void refused(WireClient client, TaskKey key, @Nullable Json progress, Throwable refusal) {
    CommandAttempt run = runs.get(key);
    if (run == null) {
      return;
    }
    if (CoordinationException.is(refusal, FENCED) || CoordinationException.is(refusal, NOT_FOUND)) {
      run.stop(CommandAttempt.Stop.FENCED);
    } else if (progress != null && Link.isUnanswered(refusal)) {
      run.putBack(progress);
    } else {
      log.warn("{}: not renewed: {}", key, refusal.getMessage());
      if (progress != null) {
        // It may be the progress that is refused, and the lease must be renewed all the same.
        renew(client, key, null);
      }
    }
  }

  private long now() {
    // Of the clock that nobody sets.
    return TimeUnit.NANOSECONDS.toMillis(loop.now(TimeUnit.NANOSECONDS));
  }
}
