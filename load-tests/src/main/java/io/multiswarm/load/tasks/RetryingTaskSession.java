package io.multiswarm.load.tasks;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.ServerNotification.Assignment;
import io.multiswarm.load.client.ServerNotification.Stamp;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A session whose calls are repeated while their outcome is unknown, as every client must: each is
 * carried out once, however often it is sent.
 */
record RetryingTaskSession(TaskSession session, TaskObservation seen) implements TaskSession {

  private static final String UNKNOWN = "UNAVAILABLE";
  private static final Duration PAUSE = Duration.ofMillis(100);

  private Mono<Void> repeated(Supplier<Mono<Void>> call) {
    return call.get().onErrorResume(error -> isUnknown(error) ? again(call) : Mono.error(error));
  }

  private static boolean isUnknown(Throwable error) {
    return error instanceof Fault fault && fault.name().equals(UNKNOWN);
  }

  private Mono<Void> again(Supplier<Mono<Void>> call) {
    seen.repeated();
    return Mono.delay(PAUSE, scheduler()).then(Mono.defer(() -> repeated(call)));
  }

  @Override
  public Mono<Void> submit(String from, Stamp stamp) {
    return repeated(() -> session.submit(from, stamp));
  }

  @Override
  public Mono<Void> request(String swarm, int n) {
    return repeated(() -> session.request(swarm, n));
  }

  @Override
  public Mono<Void> complete(Assignment given) {
    return repeated(() -> session.complete(given));
  }

  @Override
  public int index() {
    return session.index();
  }

  @Override
  public List<String> swarms() {
    return session.swarms();
  }

  @Override
  public int firstSwarm() {
    return session.firstSwarm();
  }

  @Override
  public Scheduler scheduler() {
    return session.scheduler();
  }

  @Override
  public int callsAtOnce() {
    return session.callsAtOnce();
  }

  @Override
  public void listen(Consumer<Assignment> listener) {
    session.listen(listener);
  }
}
