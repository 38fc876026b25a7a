package io.multiswarm.internal.tasks.queue;

import io.multiswarm.internal.tasks.store.TaskTransitions;
import io.multiswarm.internal.tasks.store.TaskTransitions.Move;
import io.multiswarm.tasks.TaskQueue.TaskUpdate;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/** Hands the moves of tasks to those who watch a task, or all tasks of a submitter. */
public final class Watchers implements TaskTransitions.Listener {

  /** Moves of a submitter's tasks that wait for a slow watcher; it misses what comes beyond. */
  private static final int WAITING = 256;

  private final Map<String, Set<FluxSink<TaskUpdate>>> byTask = new ConcurrentHashMap<>();
  private final Map<String, Set<FluxSink<TaskUpdate>>> bySubmitter = new ConcurrentHashMap<>();

  Flux<TaskUpdate> task(String taskId) {
    return Flux.create(sink -> register(byTask, taskId, sink), FluxSink.OverflowStrategy.LATEST);
  }

  Flux<TaskUpdate> submitter(String swarmId) {
    return Flux.<TaskUpdate>create(
            sink -> register(bySubmitter, swarmId, sink), FluxSink.OverflowStrategy.IGNORE)
        .onBackpressureBuffer(WAITING, missed -> {}, BufferOverflowStrategy.DROP_OLDEST);
  }

  @Override
  public boolean isListening() {
    return !byTask.isEmpty() || !bySubmitter.isEmpty();
  }

  @Override
  public void moved(Move move) {
    TaskUpdate update = move.update();
    byTask.getOrDefault(update.taskId(), Set.of()).forEach(sink -> sink.next(update));
    String from = update.from();
    if (from != null) {
      bySubmitter.getOrDefault(from, Set.of()).forEach(sink -> sink.next(update));
    }
  }

  private static void register(
      Map<String, Set<FluxSink<TaskUpdate>>> sinks, String key, FluxSink<TaskUpdate> sink) {
    sinks.compute(
        key,
        (any, present) -> {
          Set<FluxSink<TaskUpdate>> all = present == null ? ConcurrentHashMap.newKeySet() : present;
          all.add(sink);
          return all;
        });
    sink.onDispose(
        () ->
            sinks.computeIfPresent(
                key,
                (any, present) -> {
                  present.remove(sink);
                  return present.isEmpty() ? null : present;
                }));
  }
}
