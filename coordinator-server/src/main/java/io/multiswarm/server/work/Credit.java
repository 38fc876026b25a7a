package io.multiswarm.server.work;

import io.multiswarm.common.Json;
import io.multiswarm.server.client.NotReachedException;
import io.multiswarm.server.client.WireClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * Asks for tasks, as many as there are free slots: what was asked for and not assigned yet. Used on
 * the runner's thread alone.
 */
final class Credit {

  private static final Logger log = LoggerFactory.getLogger(Credit.class);

  private static final Duration AFTER_A_REFUSAL = Duration.ofSeconds(1);

  private final Workshop workshop;
  private final SwarmHold hold;
  private final IntSupplier free;
  private final Rest rest;
  private int given;
  private boolean isRenewed;

  /**
   * Creates it.
   *
   * @param free how many slots have no task
   */
  Credit(Workshop workshop, SwarmHold hold, IntSupplier free) {
    this.workshop = workshop;
    this.hold = hold;
    this.free = free;
    this.rest = new Rest(workshop.loop());
  }

  /** A hold begins without. */
  void begin() {
    given = 0;
    isRenewed = false;
  }

  /** A task came. */
  void used() {
    given = Math.max(0, given - 1);
  }

  /** Whether the server renews the leases, which it does since the first request of a hold. */
  boolean isRenewed() {
    return isRenewed;
  }

  /** Takes note of what became of a command. */
  void note(CommandOutcome outcome) {
    rest.note(outcome);
  }

  void want() {
    WireClient client = hold.client();
    int n = free.getAsInt() - given;
    if (client == null || n <= 0) {
      return;
    }
    Duration left = rest.left();
    if (!left.isZero()) {
      after(left);
      return;
    }
    given += n;
    String swarm = workshop.settings().membership().swarm();
    client
        .call("task.request", Json.of(Map.of("swarmId", swarm, "n", n, "autoExtend", true)))
        .publishOn(workshop.loop())
        .subscribe(granted -> granted(client), refusal -> notGranted(client, n, refusal));
  }

  private void granted(WireClient client) {
    isRenewed |= client == hold.client();
  }

  private void notGranted(WireClient client, int n, Throwable refusal) {
    if (client != hold.client() || refusal instanceof NotReachedException) {
      return; // attaching again begins without credit
    }
    log.warn("asking for tasks was refused: {}", refusal.getMessage());
    given = Math.max(0, given - n);
    after(AFTER_A_REFUSAL);
  }

  private void after(Duration delay) {
    workshop.loop().schedule(this::want, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * How long a runner asks for nothing whose machine cannot run commands, for want of disk space
   * say: it would fail every task of the fleet within seconds. Longer each time, until one has run.
   * Used on the runner's thread alone.
   */
  static final class Rest {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 6;

    private final Scheduler clock;
    private int failures;
    private long until;

    Rest(Scheduler clock) {
      this.clock = clock;
    }

    /** Takes note of what became of a command. */
    void note(CommandOutcome outcome) {
      if (outcome instanceof CommandOutcome.Failed failed && failed.ofThisMachine()) {
        until = now() + FIRST.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS)).toMillis();
        failures++;
      } else {
        until = now();
        failures = 0;
      }
    }

    /** How long it goes on; zero when there is none. */
    Duration left() {
      return Duration.ofMillis(Math.max(0, until - now()));
    }

    private long now() {
      // Of the clock that nobody sets.
      return TimeUnit.NANOSECONDS.toMillis(clock.now(TimeUnit.NANOSECONDS));
    }
  }
}
