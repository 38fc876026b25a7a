package io.multiswarm.load.target;

import io.multiswarm.load.target.RedisServerProcess.Sync;
import java.time.Duration;
import java.util.Locale;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Of how many processes Redis is made.
 *
 * @param replicas of each master
 */
public record Topology(Kind kind, int replicas) {

  /** A process alone. */
  public static final Topology ONE = new Topology(Kind.ONE, 0);

  /** When a process is taken for dead by the others. */
  static final Duration DOWN_AFTER = Duration.ofSeconds(1);

  private static final int MOST_REPLICAS = 5;
  private static final Duration TO_AGREE = Duration.ofSeconds(3);
  private static final Duration TO_VOTE = Duration.ofMillis(1_500);

  /** Who takes over when a process dies. */
  public enum Kind {
    /** Nobody. */
    ONE(0),
    /** A replica, as three Sentinels agree. */
    SENTINEL(2),
    /** A replica of one of three masters, as these agree. */
    CLUSTER(1);

    private final int usualReplicas;

    Kind(int usualReplicas) {
      this.usualReplicas = usualReplicas;
    }

    /** With as many replicas as such a thing usually has. */
    public Topology usual() {
      return new Topology(this, usualReplicas);
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Topology {
    boolean alone = kind == Kind.ONE;
    if (replicas < (alone ? 0 : 1) || replicas > (alone ? 0 : MOST_REPLICAS)) {
      throw new IllegalArgumentException(
          alone
              ? "Replicas are those of a --topology sentinel or cluster"
              : "A master has 1 to %d replicas, not %d".formatted(MOST_REPLICAS, replicas));
    }
  }

  /** Whether an operator may make another process the master. */
  public boolean isHandedOver() {
    return kind == Kind.SENTINEL;
  }

  public boolean isAlone() {
    return kind == Kind.ONE;
  }

  /** How long nothing can be written when a master dies, at most. */
  public Duration outage() {
    return DOWN_AFTER.plus(kind == Kind.CLUSTER ? TO_VOTE : TO_AGREE);
  }

  /** Starts all of it; completes when it is whole. */
  public Mono<SharedRedis> start(Sync sync, Scheduler clock) {
    return switch (kind) {
      case ONE -> RedisServerProcess.start(sync, clock).cast(SharedRedis.class);
      case SENTINEL -> SentinelRedis.start(replicas, sync, clock).cast(SharedRedis.class);
      case CLUSTER -> ClusterRedis.start(replicas, sync, clock).cast(SharedRedis.class);
    };
  }

  @Override
  public String toString() {
    return isAlone() ? "one" : "%s, %d replicas a master".formatted(kind, replicas);
  }
}
