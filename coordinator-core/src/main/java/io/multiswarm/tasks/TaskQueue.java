package io.multiswarm.tasks;

import io.multiswarm.common.CoordinationException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The submitter's side: works on any node, whether or not there is a leader. An accepted task ends
 * exactly once, as completed, dead or cancelled.
 *
 * <p><b>Errors.</b> Each Mono fails with a {@link io.multiswarm.common.CoordinationException}:
 * {@code UNAVAILABLE} while Redis is away, {@code NOT_FOUND} for an id that is not known or no
 * longer kept, {@code INVALID_ARGUMENT} for malformed ids.
 */
public interface TaskQueue {

  /** Tasks that one call changes at most. */
  int MOST_CHANGES = 10_000;

  /**
   * Accepts a task. The same id or dedupe key again returns the first task, so a submission whose
   * outcome is unknown may be repeated with its id, or by subscribing to the same Mono again.
   * {@code RESOURCE_EXHAUSTED}, with a delay, when the queue is full.
   *
   * @param from the swarm that submits; null for none
   */
  Mono<Submission> submit(@Nullable String from, NewTask task);

  /**
   * As {@link #submit} for each; one may be refused and the others accepted. At most 1000 tasks.
   */
  Mono<List<SubmitResult>> submitAll(@Nullable String from, List<NewTask> tasks);

  /** As {@link #submit}; the handle follows the accepted task. */
  Mono<TaskHandle> distribute(@Nullable String from, NewTask task);

  /** A task as it is now; {@code NOT_FOUND} when there is none, or no more. */
  Mono<Task> get(String taskId);

  /**
   * One page, newest first. A task that exists, and fits, during a whole listing is on exactly one
   * of its pages. A cursor that no page gave, and a strategy that this node does not know, is
   * {@code INVALID_ARGUMENT}.
   */
  Mono<TaskPage> list(TaskQuery query);

  /**
   * The task when it has ended. Fails with {@code UNAVAILABLE} when Redis is away at the beginning;
   * an absence later only makes it take longer.
   *
   * @param timeout after which it fails with {@code DEADLINE_EXCEEDED}; null waits on
   */
  Mono<Task> await(String taskId, @Nullable Duration timeout);

  /**
   * Why the task is where it is: what it waits for, or who has or had it. Looks at swarms until it
   * finds one that could take the task, at all of them when there is none.
   */
  Mono<TaskExplanation> explain(String taskId);

  /**
   * Withdraws a task that has not ended; an assignment of it is revoked. True when the task is
   * cancelled, now or before, false when it had ended otherwise.
   */
  Mono<Boolean> cancel(String taskId, @Nullable String reason);

  /**
   * Makes a late result the task's own: completes it in the name of the swarm whose attempt gave
   * that, while the task is pending, assigned (which is revoked) or dead. Once more it changes
   * nothing. {@code FAILED_PRECONDITION} for a task that ended otherwise, {@code NOT_FOUND} for an
   * attempt whose late result was not kept.
   */
  Mono<Void> adopt(String taskId, long attempt);

  /** Revives a dead task; {@code FAILED_PRECONDITION} for any other. */
  Mono<TaskStatus> retry(String taskId);

  /**
   * As {@link #cancel} for all tasks that fit and have not ended, the newest first. All that fit
   * are counted, however few may be changed. Not atomic: each task is changed only if it still fits
   * then, and one that is submitted meanwhile may be left out. After {@code UNAVAILABLE} some may
   * have been changed; to repeat it is safe.
   *
   * @param filter must not be empty
   * @param limit how many to change at most, up to {@link #MOST_CHANGES}; 0 only counts
   */
  Mono<BulkChange> cancelAll(TaskFilter filter, int limit);

  /** As {@link #retry} for all dead tasks that fit; otherwise as {@link #cancelAll}. */
  Mono<BulkChange> retryAll(TaskFilter filter, int limit);

  /**
   * <b>Emission.</b> Each move of the task from the subscription on, in order. Moves are hints: one
   * that happens while the connection to Redis is broken is not told.
   *
   * <p><b>Backpressure.</b> A slow subscriber is told the latest only.
   *
   * <p><b>Completion.</b> Never. <b>Errors.</b> None.
   */
  Flux<TaskUpdate> watch(String taskId);

  /**
   * As {@link #watch} for all tasks that a swarm submits; up to 256 moves wait for a subscriber.
   */
  Flux<TaskUpdate> watchFrom(String swarmId);

  /** From now on, in the whole fleet, for the tasks that name no strategy. */
  Mono<Void> useStrategy(String name);

  /**
   * From now on nobody in the whole fleet is given tasks. What is assigned goes on, submissions are
   * accepted, and credit is kept. To pause twice is no error.
   */
  Mono<Void> pause();

  /** Ends the pause of the fleet, if there is one; swarms that are paused themselves remain so. */
  Mono<Void> resume();

  /** Counts of the fleet's tasks. */
  Mono<TaskStatistics> statistics();

  /**
   * What became of many tasks.
   *
   * @param matched tasks that fitted and could be changed when they were looked at
   * @param changed those of them that were
   */
  record BulkChange(long matched, long changed) {}

  /** What became of one task of a batch: exactly one of the two is there. */
  record SubmitResult(@Nullable Submission submission, @Nullable CoordinationException refusal) {}

  /**
   * An accepted task.
   *
   * @param taskId the first one's when the id or the dedupe key was known
   */
  record Submission(String taskId, TaskStatus status) {}

  /**
   * A page of tasks, newest first.
   *
   * @param nextCursor null on the last page; a page before it may hold fewer than asked for, or
   *     none, when a rare filter made the search stop early
   */
  record TaskPage(List<Task> tasks, @Nullable String nextCursor) {
    public TaskPage {
      tasks = List.copyOf(tasks);
    }
  }

  /**
   * A task moved on.
   *
   * @param attempt of the current or last assignment, 0 before the first
   * @param swarmId the swarm that has it, or whose attempt ended it
   * @param from the swarm that submitted it
   */
  record TaskUpdate(
      String taskId,
      TaskStatus status,
      long attempt,
      @Nullable String swarmId,
      @Nullable String from) {}
}
