package io.multiswarm.load.suite;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.Publishing;
import io.multiswarm.load.client.ServerNotification;
import io.multiswarm.load.client.ServerNotification.Assignment;
import io.multiswarm.load.client.ServerNotification.Delivery;
import io.multiswarm.load.client.ServerNotification.Gap;
import io.multiswarm.load.client.ServerNotification.Stamp;
import io.multiswarm.load.client.StampedData;
import io.multiswarm.load.client.SwarmClient;
import io.multiswarm.load.client.Tasking;
import io.multiswarm.load.report.Report;
import io.multiswarm.load.report.Tally;
import io.multiswarm.load.scenario.Quiescence;
import io.multiswarm.load.scenario.ScenarioContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** One of the fleets, all of it in one session. What it says bears its mark. */
final class MarkedFleet {

  private static final String BROADCASTS = "swarm:global";
  private static final Duration SETTLE = Duration.ofSeconds(10);
  private static final int AT_ONCE = 16;
  private static final int EACH = 4;

  /** Unlike what is read where there is none. */
  private static final int FIRST_MARK = 1_001;

  private final IsolationScenario.Plan plan;
  private final String name;
  private final SwarmClient client;
  private final ScenarioContext context;
  private final int mark;
  private final List<String> swarms;
  private final Publishing publishing;
  private final Tasking tasking;
  private final AtomicLong own = new AtomicLong();
  private final Tally foreign = new Tally();
  private final Tally refused = new Tally();
  private final AtomicLong missing = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private volatile long registered;

  /**
   * @param mark from 0, unlike those of other fleets
   */
  MarkedFleet(
      IsolationScenario.Plan plan,
      String name,
      int mark,
      SwarmClient client,
      ScenarioContext context) {
    this.plan = plan;
    this.name = name;
    this.mark = FIRST_MARK + mark;
    this.client = client;
    this.context = context;
    this.swarms = IntStream.range(0, plan.swarms()).mapToObj(n -> "same-" + n).toList();
    var data = new StampedData(StampedData.SMALLEST);
    this.publishing = new Publishing(client, data);
    this.tasking = new Tasking(client, data, "");
  }

  /** Completes when everybody listens and is ready for tasks. */
  Mono<Void> gather() {
    client.notifications().onErrorComplete().flatMap(this::heard, AT_ONCE).subscribe();
    return client
        .open()
        .then(call("resource.define", Map.of("type", "same", "total", plan.swarms() * EACH)))
        .thenMany(Flux.fromIterable(swarms))
        .flatMap(this::join, AT_ONCE)
        .then(call("channel.subscribe", Map.of("channel", BROADCASTS)));
  }

  private Mono<Void> join(String swarm) {
    return call("swarm.create", Map.of("id", swarm, "objective", "keep apart"))
        .then(call("channel.subscribe", Map.of("channel", "swarm:" + swarm)))
        .then(tasking.request(swarm, plan.each()).retryWhen(passing()));
  }

  private Mono<Void> call(String method, Map<String, Object> params) {
    return client.request(method, params).retryWhen(passing()).then();
  }

  private Mono<Void> heard(ServerNotification what) {
    if (what instanceof Delivery delivery) {
      count(delivery.stamp(), delivery.channel());
    } else if (what instanceof Gap) {
      missing.incrementAndGet();
    } else if (what instanceof Assignment given) {
      count(given.stamp(), "a task");
      return tasking
          .complete(given.swarm(), task(given.stamp().number()), given.attempt())
          .retryWhen(passing())
          .doOnSuccess(accepted -> done.incrementAndGet())
          .onErrorResume(
              Fault.class,
              fault -> Mono.fromRunnable(() -> refused.add(String.valueOf(fault.getMessage()))));
    }
    return Mono.empty();
  }

  private Retry passing() {
    return Fault.whileUnknown(context.clock());
  }

  /** What bears no mark is the servers' own, such as the news of an assignment. */
  private void count(Stamp stamp, String where) {
    if (stamp.sender() == mark) {
      own.incrementAndGet();
    } else if (stamp.sender() >= FIRST_MARK) {
      foreign.add(where);
    }
  }

  private static String task(long number) {
    return "same-task-" + number;
  }

  /** Messages to each and to all, tasks, and all of the resource. */
  Mono<Void> speak() {
    return Flux.range(0, plan.swarms() * plan.each())
        .flatMap(
            number -> {
              String from = swarms.get(number % swarms.size());
              String to = swarms.get((number + 1) % swarms.size());
              var stamp = new Stamp(mark, number, 0);
              return publishing
                  .send("to-one-" + number, from, to, stamp)
                  .retryWhen(passing())
                  .then(publishing.broadcast("to-all-" + number, from, stamp).retryWhen(passing()))
                  .then(tasking.submit(from, task(number), stamp).retryWhen(passing()));
            },
            AT_ONCE)
        .then(allocated());
  }

  private Mono<Void> allocated() {
    return Flux.fromIterable(swarms)
        .concatMap(
            swarm ->
                call(
                    "resource.allocate",
                    Map.of("swarmId", swarm, "type", "same", "amount", EACH, "requestId", swarm)))
        .then();
  }

  /** A message to one, a message to all and a task of each. */
  private long expected() {
    return 3L * plan.swarms() * plan.each();
  }

  Mono<Void> settled() {
    return Quiescence.reached(
        () -> own.get() >= expected() && done.get() >= expected() / 3,
        () -> own.get() + foreign.total() + done.get(),
        SETTLE,
        context.clock());
  }

  /** What the fleet counts. */
  Mono<Void> counts() {
    return client
        .request("stats.get", Map.of())
        .retryWhen(passing())
        .doOnNext(told -> registered = told.path("registry").path("activeSwarms").asLong())
        .then(client.close().onErrorComplete());
  }

  void addTo(Report report) {
    report
        .section("fleet " + name)
        .row("heard and given of its own", own.get())
        .row("of the other", foreign.total())
        .row("tasks done", done.get())
        .row("swarms counted", registered);
    expect(report, "messages and tasks of its own", expected(), own.get());
    foreign
        .counts()
        .forEach((where, count) -> expect(report, "of the other by " + where, 0, count));
    expect(report, "gaps", 0, missing.get());
    expect(report, "swarms counted", plan.swarms(), registered);
    expect(report, "tasks done", expected() / 3, done.get());
    refused.counts().forEach((words, count) -> report.defects("× " + words, count));
  }

  private void expect(Report report, String what, long expected, long observed) {
    if (expected != observed) {
      report.defect(
          "fleet %s: expected %,d %s, observed %,d".formatted(name, expected, what, observed));
    }
  }
}
