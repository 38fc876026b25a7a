package io.multiswarm.load.tasks;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Lets submitters wait for the end of their tasks, until the time for waiting is over. */
final class Completions {

  private final Map<Long, MonoSink<Void>> waiting = new ConcurrentHashMap<>();
  private volatile boolean over;

  /**
   * Asked for before the task is submitted, it completes when the task is done or waiting is over.
   */
  Mono<Void> of(long task) {
    return Mono.create(
        sink -> {
          waiting.put(task, sink);
          if (over) {
            completed(task);
          }
        });
  }

  void completed(long task) {
    MonoSink<Void> sink = waiting.remove(task);
    if (sink != null) {
      sink.success();
    }
  }

  void endWaiting() {
    over = true;
    waiting.keySet().forEach(this::completed);
  }
}
