package io.multiswarm.load.chaos;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.ServerNotification;
import io.multiswarm.load.client.ServerNotification.Assignment;
import io.multiswarm.load.client.ServerNotification.Event;
import io.multiswarm.load.client.SwarmClient;
import io.multiswarm.load.client.Tasking;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * A process that holds some swarms by one connection and does their tasks. When its connection
 * breaks it takes them again elsewhere with their keys; when it is killed it forgets what it was
 * doing.
 */
final class WorkerSession {

  private static final Duration PAUSE = Duration.ofMillis(200);

  private final ChaosContext context;
  private final String name;
  private final boolean slow;
  private final AttemptLog memory = new AttemptLog();
  private final Map<String, String> keys = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Restart> restart = new AtomicReference<>();
  private final List<String> swarms = new CopyOnWriteArrayList<>();
  private final AtomicInteger names = new AtomicInteger();
  private volatile @Nullable SwarmClient client;

  /**
   * @param slow whether it does not have its leases renewed, and takes longer than one now and then
   */
  WorkerSession(ChaosContext context, String name, int size, boolean slow) {
    this.context = context;
    this.name = name;
    this.slow = slow;
    for (int i = 0; i < size; i++) {
      swarms.add(newName());
    }
  }

  private String newName() {
    return name + '-' + names.incrementAndGet();
  }

  /** Never completes. */
  Mono<Void> run() {
    return Mono.defer(() -> Mono.delay(awaken(), context.clock()))
        .then(Mono.defer(context.slots()::any))
        .flatMap(url -> context.scenario().connector().connect(url))
        .flatMap(this::session)
        .onErrorResume(context.seen()::sessionLost)
        .repeat()
        .then();
  }

  /** Ends its process, whatever it does at the moment. */
  void kill(Restart then) {
    restart.set(then);
    SwarmClient connected = client;
    if (connected != null) {
      connected.cut();
    }
  }

  /** What is left after the last connection, and how long until the next. */
  private Duration awaken() {
    Restart then = restart.getAndSet(null);
    if (then == null) {
      return context.anyTime(PAUSE);
    }
    memory.clear();
    if (then == Restart.REPLACED) {
      keys.clear();
      swarms.replaceAll(former -> newName());
    }
    Duration missed = context.plan().servers().lease().multipliedBy(2);
    return then == Restart.BACK_LATE ? missed.plus(context.anyTime(missed)) : Duration.ZERO;
  }

  private Mono<Void> session(SwarmClient connected) {
    client = connected;
    if (restart.get() != null) {
      connected.cut(); // killed while it connected
    }
    memory.newConnection();
    var tasking = new Tasking(connected, context.data(), "");
    var tasks = new WorkerTasks(context, memory, tasking, connected.scheduler(), slow);
    Mono<Void> heard =
        connected
            .notifications()
            .flatMap(what -> heard(what, connected, tasks), Integer.MAX_VALUE)
            .then();
    Mono<Void> boarded =
        connected
            .open()
            .thenMany(Flux.fromIterable(swarms))
            .flatMap(swarm -> take(swarm, connected, tasks))
            .then();
    return Mono.when(heard, boarded).doFinally(end -> connected.cut());
  }

  private Mono<Void> heard(ServerNotification what, SwarmClient connected, WorkerTasks tasks) {
    if (what instanceof Assignment assignment) {
      context.seen().assigned(assignment);
      return tasks.perform(assignment);
    }
    if (what instanceof Event event && event.method().equals("swarm.detached")) {
      String swarm = event.params().path("swarmId").asString();
      return keys.containsKey(swarm) ? take(swarm, connected, tasks) : Mono.empty();
    }
    return Mono.empty();
  }

  /** Completes when the swarm has asked for work and done what it had from before. */
  private Mono<Void> take(String swarm, SwarmClient connected, WorkerTasks tasks) {
    String key = keys.get(swarm);
    return key == null ? create(swarm, connected, tasks) : attach(swarm, key, connected, tasks);
  }

  /** A swarm that was created without an answer is nobody's; another takes its place. */
  private Mono<Void> create(String swarm, SwarmClient connected, WorkerTasks tasks) {
    return connected
        .request("swarm.create", Map.of("id", swarm, "objective", "survive"))
        .retryWhen(context.whilePassing())
        .doOnNext(made -> keys.put(swarm, made.path("key").asString()))
        .then(Mono.defer(() -> tasks.open(swarm, List.of())))
        .onErrorResume(Fault.class, fault -> createAnother(swarm, fault, connected, tasks));
  }

  private Mono<Void> createAnother(
      String swarm, Fault fault, SwarmClient connected, WorkerTasks tasks) {
    if (!fault.name().equals("ALREADY_EXISTS")) {
      context.seen().unexpected(fault);
      return Mono.error(fault);
    }
    String another = newName();
    swarms.replaceAll(former -> former.equals(swarm) ? another : former);
    return create(another, connected, tasks);
  }

  private Mono<Void> attach(String swarm, String key, SwarmClient connected, WorkerTasks tasks) {
    return Mono.defer(
            () -> {
              context.seen().ledger().attached(swarm);
              return connected.request("swarm.attach", Map.of("swarmId", swarm, "key", key));
            })
        .retryWhen(context.whilePassing())
        .doOnError(Fault.class, context.seen()::unexpected)
        .flatMap(attached -> tasks.open(swarm, leases(attached)));
  }

  private List<Assignment> leases(JsonNode attached) {
    context.seen().attached();
    return attached.path("leases").valueStream().map(Tasking::assignment).toList();
  }
}
