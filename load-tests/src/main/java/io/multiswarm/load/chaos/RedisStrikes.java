package io.multiswarm.load.chaos;

import io.multiswarm.load.target.RedisServerProcess;
import io.multiswarm.load.target.SharedRedis;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** What happens to Redis. */
final class RedisStrikes {

  private static final Duration LONGEST_ABSENCE = Duration.ofMillis(1500);

  /** Longer than the lease, by so much. */
  private static final Duration BEYOND_THE_LEASE = Duration.ofMillis(500);

  private static final Duration FULL = Duration.ofSeconds(2);
  private static final String LIMIT = "maxmemory";

  private final SharedRedis redis;
  private final ChaosContext context;

  RedisStrikes(SharedRedis redis, ChaosContext context) {
    this.redis = redis;
    this.context = context;
  }

  /** Killed, and there again after a while. */
  Mono<Void> killed() {
    return redis
        .kill()
        .then(Mono.delay(context.anyTime(LONGEST_ABSENCE), context.clock()))
        .then(Mono.defer(redis::restart));
  }

  Mono<Void> whole() {
    return Mono.defer(redis::whole);
  }

  Mono<Void> frozen() {
    RedisServerProcess process = alone();
    Duration time = context.plan().servers().lease().plus(BEYOND_THE_LEASE);
    return process.freeze().then(Mono.delay(time, context.clock())).then(Mono.defer(process::thaw));
  }

  /** What is completed meanwhile counts: it needs no memory that was not there. */
  Mono<Void> full() {
    RedisServerProcess process = alone();
    return Mono.defer(
        () -> {
          long before = context.seen().completedCount();
          return process
              .configure(LIMIT, "1")
              .then(Mono.delay(FULL, context.clock()))
              .then(
                  Mono.fromRunnable(
                      () -> context.seen().whileFull(context.seen().completedCount() - before)))
              .then(Mono.defer(() -> process.configure(LIMIT, "0")));
        });
  }

  private RedisServerProcess alone() {
    if (redis instanceof RedisServerProcess process) {
      return process;
    }
    throw new IllegalStateException("This happens to a process of Redis that is alone");
  }
}
