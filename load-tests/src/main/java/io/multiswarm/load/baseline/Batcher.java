package io.multiswarm.load.baseline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Natural batches: a few calls are on their way, and each takes what waited meanwhile. Alone a
 * thing waits for nothing; under load the batches grow instead of the queue. Safe for several
 * threads.
 *
 * @param <T> what is sent
 * @param <R> the answer to one of them
 */
final class Batcher<T, R> {

  private final Limits limits;
  private final Function<List<T>, CompletionStage<List<R>>> call;
  private final Queue<Waiting<T, R>> queue = new ArrayDeque<>();
  private int inFlight;

  /**
   * @param inFlight calls at once
   * @param batch things a call
   */
  record Limits(int inFlight, int batch) {}

  private record Waiting<T, R>(T thing, MonoSink<R> sink) {}

  /**
   * @param call answers each thing of a batch, in their order, or fails for all of them
   */
  Batcher(Limits limits, Function<List<T>, CompletionStage<List<R>>> call) {
    this.limits = limits;
    this.call = call;
  }

  /** Cold: the thing joins the others when subscribed. */
  Mono<R> send(T thing) {
    return Mono.create(sink -> enqueue(new Waiting<>(thing, sink)));
  }

  private synchronized void enqueue(Waiting<T, R> waiting) {
    queue.add(waiting);
    dispatch();
  }

  private synchronized void landed() {
    inFlight--;
    dispatch();
  }

  private void dispatch() {
    while (inFlight < limits.inFlight() && !queue.isEmpty()) {
      List<Waiting<T, R>> batch = new ArrayList<>(limits.batch());
      while (batch.size() < limits.batch() && !queue.isEmpty()) {
        batch.add(queue.remove());
      }
      inFlight++;
      send(batch);
    }
  }

  /**
   * The completion runs once, with the answers or the error, and tells every sender of the batch.
   */
  private void send(List<Waiting<T, R>> batch) {
    var unused =
        call.apply(batch.stream().map(Waiting::thing).toList())
            .whenComplete(
                (answers, error) -> {
                  landed();
                  answer(batch, answers, error);
                });
  }

  private static <T, R> void answer(
      List<Waiting<T, R>> batch, @Nullable List<R> answers, @Nullable Throwable error) {
    for (int i = 0; i < batch.size(); i++) {
      if (answers != null) {
        batch.get(i).sink().success(answers.get(i));
      } else {
        batch.get(i).sink().error(Objects.requireNonNull(error));
      }
    }
  }
}
