package io.multiswarm.internal.tasks.upkeep;

import io.multiswarm.common.Json;
import io.multiswarm.internal.duties.Duty;
import io.multiswarm.internal.duties.UpkeepTerm;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.tasks.queue.TaskReader;
import io.multiswarm.internal.tasks.store.TaskTransitions;
import io.multiswarm.internal.tasks.store.TaskTransitions.Move;
import io.multiswarm.tasks.Task;
import io.multiswarm.tasks.TaskQueue.TaskUpdate;
import io.multiswarm.tasks.TaskStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;

/**
 * A line for each task that dies, on one node of the fleet, for operators. When many die at once
 * the latest are told, and how many were not.
 */
final class DeadTasks implements Duty.Continuous<UpkeepTerm> {

  private static final Logger log = LoggerFactory.getLogger(DeadTasks.class);

  private static final int WAITING = 256;
  private static final Duration BETWEEN_LINES = Duration.ofMillis(20);
  private static final int LONGEST = 500;

  private final NodeContext context;
  private final TaskReader reader;
  private final TaskTransitions moves;
  private final AtomicLong untold = new AtomicLong();

  DeadTasks(NodeContext context, TaskReader reader, TaskTransitions moves) {
    this.context = context;
    this.reader = reader;
    this.moves = moves;
  }

  @Override
  public String name() {
    return "news of dead tasks";
  }

  @Override
  public Flux<?> perform(UpkeepTerm term) {
    return Flux.create(this::hear, FluxSink.OverflowStrategy.IGNORE)
        .onBackpressureBuffer(
            WAITING, missed -> untold.incrementAndGet(), BufferOverflowStrategy.DROP_OLDEST)
        .concatMap(death -> tell(death).then(Mono.delay(BETWEEN_LINES, context.scheduler())), 1);
  }

  private void hear(FluxSink<TaskUpdate> sink) {
    TaskTransitions.Listener listener =
        new TaskTransitions.Listener() {
          @Override
          public boolean isListening(String text) {
            return text.contains(TaskTransitions.DEATH);
          }

          @Override
          public void moved(Move move) {
            if (move.update().status() == TaskStatus.DEAD) {
              sink.next(move.update());
            }
          }
        };
    moves.listen(listener);
    sink.onDispose(() -> moves.unlisten(listener));
  }

  /** With its last error, unless that cannot be read now. */
  private Mono<Void> tell(TaskUpdate death) {
    return reader
        .find(death.taskId())
        .map(DeadTasks::reason)
        .onErrorReturn("")
        .defaultIfEmpty("")
        .doOnNext(
            reason ->
                log.warn(
                    "Task {} is dead after attempt {} by swarm {}{}{}",
                    death.taskId(),
                    death.attempt(),
                    death.swarmId() == null ? "none" : death.swarmId(),
                    reason,
                    others(untold.getAndSet(0))))
        .then();
  }

  private static String others(long count) {
    return count == 0 ? "" : "; %d more died".formatted(count);
  }

  private static String reason(Task task) {
    List<Json> history = task.history();
    Json reason =
        history.isEmpty()
            ? Json.NULL
            : history.get(history.size() - 1).members().getOrDefault("reason", Json.NULL);
    if (reason.isNull()) {
      return "";
    }
    String text = reason.isString() ? reason.text() : reason.toString();
    return ": " + text.substring(0, Math.min(LONGEST, text.length()));
  }
}
