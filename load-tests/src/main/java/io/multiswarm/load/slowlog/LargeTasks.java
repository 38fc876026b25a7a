package io.multiswarm.load.slowlog;

import io.multiswarm.load.client.ServerNotification.Assignment;
import io.multiswarm.load.client.ServerNotification.Stamp;
import io.multiswarm.load.client.SimulatedSwarms;
import io.multiswarm.load.client.StampedData;
import io.multiswarm.load.client.Tasking;
import io.multiswarm.load.scenario.ScenarioContext;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Large tasks that are given to a few workers. Some fail once, with a large error after large
 * progress; all are completed with a large result.
 */
final class LargeTasks {

  private static final String CAPABILITY = "large";
  private static final int WORKERS = 4;
  private static final int CREDIT = 8;
  private static final int FAILS_ONCE = 3;
  private static final int SUBMITTED_AT_ONCE = 8;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final SimulatedSwarms workers;
  private final Large large;
  private final int count;
  private final AtomicLong refused;
  private final AtomicInteger completed = new AtomicInteger();
  private final Sinks.Empty<Void> done = Sinks.empty();

  LargeTasks(int count, Large large, AtomicLong refused, URI url, ScenarioContext context) {
    this.count = count;
    this.large = large;
    this.refused = refused;
    this.workers =
        new SimulatedSwarms(
            context.connector(),
            url,
            new SimulatedSwarms.Size(WORKERS, 1),
            any -> Map.of("metadata", Map.of("capabilities", List.of(CAPABILITY))));
  }

  /** Until all are completed; the workers stay. */
  Mono<Void> play(Caller submitter, ScenarioContext context) {
    var tasking =
        new Tasking(
            submitter.client(),
            new StampedData(large.bytes()),
            "\"capabilities\":[\"%s\"]".formatted(CAPABILITY));
    Mono<Void> submissions =
        Caller.each(
            count,
            SUBMITTED_AT_ONCE,
            number ->
                submitter.untilAccepted(tasking.submit("", id(number), new Stamp(0, number, 0))));
    return workers
        .assemble(this::work)
        .then(submissions)
        .then(done.asMono())
        .timeout(PATIENCE, context.clock());
  }

  private static String id(long number) {
    return "large-" + number;
  }

  private Mono<Void> work(SimulatedSwarms.Member worker) {
    var caller = new Caller(worker.client(), refused);
    worker
        .notifications()
        .ofType(Assignment.class)
        .flatMap(given -> work(given, caller), CREDIT)
        .subscribe(any -> {}, done::tryEmitError);
    return caller
        .call(
            "task.request",
            Map.of("swarmId", worker.swarms().get(0), "n", CREDIT, "autoExtend", true))
        .then();
  }

  private Mono<Void> work(Assignment given, Caller caller) {
    long number = given.stamp().number();
    Map<String, Object> report =
        Map.of("swarmId", given.swarm(), "taskId", id(number), "attempt", given.attempt());
    Map<String, Object> value = large.value((int) number);
    Mono<?> end =
        given.attempt() == 1 && number % FAILS_ONCE == 0
            ? caller
                .call("task.extend", Caller.with(report, "progress", value))
                .then(caller.call("task.fail", Caller.with(report, "error", value)))
            : caller
                .call("task.complete", Caller.with(report, "result", value))
                .doOnNext(any -> count());
    return end.then(caller.call("task.request", Map.of("swarmId", given.swarm(), "n", 1))).then();
  }

  private void count() {
    if (completed.incrementAndGet() == count) {
      done.tryEmitEmpty();
    }
  }
}
