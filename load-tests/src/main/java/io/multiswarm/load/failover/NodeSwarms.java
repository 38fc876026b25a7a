package io.multiswarm.load.failover;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.ServerNotification;
import io.multiswarm.load.client.ServerNotification.Assignment;
import io.multiswarm.load.client.ServerNotification.Event;
import io.multiswarm.load.client.ServerNotification.Stamp;
import io.multiswarm.load.client.StampedData;
import io.multiswarm.load.client.SwarmClient;
import io.multiswarm.load.client.Tasking;
import io.multiswarm.load.scenario.ScenarioContext;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import tools.jackson.databind.JsonNode;

/**
 * The swarms of one node: a session that holds them, submits tasks and does those that they are
 * given, so that whoever leads has something to write. They outlive their node and attach to the
 * next.
 */
final class NodeSwarms {

  private static final Duration BETWEEN_TASKS = Duration.ofMillis(10);
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(100);
  private static final int SUBMISSIONS_AT_ONCE = 8;
  private static final int CREDIT = 16;

  private final ScenarioContext context;
  private final String name;
  private final List<String> swarms;
  private final Map<String, String> keys = new ConcurrentHashMap<>();
  private final Set<String> held = ConcurrentHashMap.newKeySet();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicLong refused;
  private final Disposable.Swap submissions = Disposables.swap();
  private volatile @Nullable SwarmClient client;
  private volatile String node = "";

  /**
   * @param refused counts reports that were refused because their swarm was somebody else's
   */
  NodeSwarms(ScenarioContext context, String name, int swarms, AtomicLong refused) {
    this.context = context;
    this.name = name;
    this.swarms = IntStream.range(0, swarms).mapToObj(i -> name + "-" + i).toList();
    this.refused = refused;
  }

  /** Completes when all its swarms are held by a session on that server, and at work. */
  Mono<Void> attachTo(URI url) {
    return context.connector().connect(url).flatMap(this::attachTo);
  }

  private Mono<Void> attachTo(SwarmClient connected) {
    held.clear();
    client = connected;
    var tasking = new Tasking(connected, new StampedData(StampedData.SMALLEST), "");
    connected
        .notifications()
        .onErrorComplete()
        .flatMap(what -> heard(what, connected, tasking).onErrorComplete(), CREDIT * swarms.size())
        .subscribe();
    return connected
        .open()
        .doOnNext(hello -> node = hello.path("node").asString())
        .thenMany(Flux.fromIterable(swarms))
        .flatMap(swarm -> take(swarm, connected, tasking))
        .then(Mono.fromRunnable(() -> submissions.update(submit(connected, tasking))));
  }

  private Mono<Void> take(String swarm, SwarmClient connected, Tasking tasking) {
    String key = keys.get(swarm);
    Mono<JsonNode> taken =
        key == null
            ? connected
                .request("swarm.create", Map.of("id", swarm, "objective", "be led"))
                .doOnNext(made -> keys.put(swarm, made.path("key").asString()))
            : connected.request("swarm.attach", Map.of("swarmId", swarm, "key", key));
    return taken
        .retryWhen(again())
        .then(Mono.defer(() -> tasking.request(swarm, CREDIT).retryWhen(again())))
        .doOnSuccess(done -> held.add(swarm));
  }

  /**
   * As a client does: while its node has lost Redis, or the swarm again, which a starved machine
   * makes of it. A swarm that was created without an answer is nobody's.
   */
  private Retry again() {
    return Retry.fixedDelay(Long.MAX_VALUE, BETWEEN_ATTEMPTS)
        .scheduler(context.clock())
        .filter(error -> error instanceof Fault fault && !fault.name().equals("ALREADY_EXISTS"));
  }

  private Mono<Void> heard(ServerNotification what, SwarmClient connected, Tasking tasking) {
    if (what instanceof Assignment assignment) {
      return work(assignment, tasking);
    }
    if (what instanceof Event event && event.method().equals("swarm.detached")) {
      String swarm = event.params().path("swarmId").asString();
      held.remove(swarm);
      return take(swarm, connected, tasking);
    }
    return Mono.empty();
  }

  private Mono<Void> work(Assignment assignment, Tasking tasking) {
    return tasking
        .complete(assignment.swarm(), task(assignment.stamp().number()), assignment.attempt())
        .onErrorResume(Fault.class, this::refused)
        .then(Mono.defer(() -> tasking.request(assignment.swarm(), 1)));
  }

  private Mono<Void> refused(Fault fault) {
    if (fault.name().equals("FENCED")) {
      refused.incrementAndGet();
    }
    return Mono.empty();
  }

  private Disposable submit(SwarmClient connected, Tasking tasking) {
    return Flux.interval(BETWEEN_TASKS, context.clock())
        .onBackpressureDrop()
        .flatMap(tick -> submit(tasking), SUBMISSIONS_AT_ONCE)
        .takeUntilOther(connected.closed().onErrorComplete())
        .subscribe();
  }

  private Mono<Void> submit(Tasking tasking) {
    long number = numbers.incrementAndGet();
    return tasking.submit(swarms.get(0), task(number), new Stamp(0, number, 0)).onErrorComplete();
  }

  private String task(long number) {
    return name + "-t" + number;
  }

  /** The id of the node that it is on. */
  String node() {
    return node;
  }

  /** Whether all its swarms are held where it is. */
  boolean isComplete() {
    return held.size() == swarms.size();
  }

  /** What its node says of itself. */
  Mono<JsonNode> statistics() {
    SwarmClient connected = client;
    return connected == null
        ? Mono.error(new IllegalStateException(name + " is on no node"))
        : connected.request("stats.get", Map.of()).retryWhen(again());
  }
}
