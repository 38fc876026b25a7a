package io.multiswarm.tasks;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.tasks.Task.LateResult;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The worker's side, for swarms that are attached to this node. A swarm never has more unfinished
 * assignments than the credit it gave.
 *
 * <p><b>Errors.</b> Each fails with a {@link io.multiswarm.common.CoordinationException}: {@code
 * FENCED} for an ownership that is over and for an attempt that is not the current one of this
 * swarm, {@code NOT_FOUND} for a task or a swarm that does not exist, {@code UNAVAILABLE} while
 * Redis is away. Every report may be repeated: an accepted one gets the same answer.
 */
public interface TaskWorkers {

  /** Unused credit of a swarm at most; requests beyond it are honoured as it is used up. */
  int MAX_CREDIT = 10_000;

  /**
   * <b>Emission.</b> First what the swarm already has, then each assignment once an attempt.
   *
   * <p><b>Backpressure.</b> Demand is credit: what is requested here is what the swarm may be
   * assigned. Leases are renewed by this node as long as the swarm is attached to it.
   *
   * <p><b>Completion.</b> Never. <b>Errors.</b> {@code FENCED} when the swarm is no longer held
   * here. <b>Cancellation.</b> Unused credit remains; to stop for good, let go of the swarm.
   */
  Flux<Assignment> assignments(Ownership owner);

  /**
   * As {@link #assignments}, but demand only paces the delivery: credit is given by {@link
   * #request}. What is not asked for waits in Redis; a few small tasks are kept at hand. For one
   * subscriber at a time; the newest wins.
   */
  Flux<Assignment> received(Ownership owner);

  /** What was taken from the swarm; hot. Ends as {@link #assignments}. */
  Flux<Revocation> revocations(Ownership owner);

  /**
   * Adds to what the swarm is ready to take.
   *
   * @param n 1 to {@link #MAX_CREDIT}
   * @param autoExtend whether this node renews the swarm's leases from now on
   * @return the unused credit
   */
  Mono<Integer> request(Ownership owner, int n, boolean autoExtend);

  /**
   * What the swarm has now, the oldest first, as far as it is small: a thousand assignments and 256
   * KiB at most. {@link #received} delivers what is not among them.
   */
  Mono<List<Assignment>> held(Ownership owner);

  /**
   * Renews the lease, whose length is returned.
   *
   * @param progress kept with the task; null leaves what is there
   */
  Mono<Duration> extend(Ownership owner, String taskId, long attempt, @Nullable Json progress);

  /**
   * Ends the task; of all attempts' completions exactly one is accepted. What comes when its
   * attempt is over is {@code FENCED}, and kept with the task as a {@link LateResult}: the last
   * five, of at most 64 KiB each.
   */
  Mono<Void> complete(Ownership owner, String taskId, long attempt, @Nullable Json result);

  /** The status that follows: pending, or dead after the last attempt. */
  Mono<TaskStatus> fail(Ownership owner, String taskId, long attempt, Failure failure);

  /** Gives the task back unharmed. */
  Mono<Void> release(Ownership owner, String taskId, long attempt);

  /** An assignment ended without the swarm's doing: its reports are {@code FENCED} from now on. */
  record Revocation(String swarmId, String taskId, long attempt, String reason) {}
}
