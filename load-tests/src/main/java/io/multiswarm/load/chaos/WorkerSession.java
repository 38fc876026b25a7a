package io.multiswarm.load.chaos;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.Notification;
import io.multiswarm.load.client.Notification.Assignment;
import io.multiswarm.load.client.Notification.Event;
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

  private final Ground ground;
  private final String name;
  private final boolean slow;
  private final Memory memory = new Memory();
  private final Map<String, String> keys = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Fate> fate = new AtomicReference<>();
  private final List<String> swarms = new CopyOnWriteArrayList<>();
  private final AtomicInteger names = new AtomicInteger();
  private volatile @Nullable SwarmClient client;

  /**
   * @param slow whether it does not have its leases renewed, and takes longer than one now and then
   */
  WorkerSession(Ground ground, String name, int size, boolean slow) {
    this.ground = ground;
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
    return Mono.defer(() -> Mono.delay(awaken(), ground.clock()))
        .then(Mono.defer(ground.places()::any))
        .flatMap(url -> SwarmClient.connect(ground.stage().http(), url))
        .flatMap(this::session)
        .onErrorResume(ground.seen()::sessionLost)
        .repeat()
        .then();
  }

  /** Ends its process, whatever it does at the moment. */
  void kill(Fate then) {
    fate.set(then);
    SwarmClient connected = client;
    if (connected != null) {
      connected.cut();
    }
  }

  /** What is left after the last connection, and how long until the next. */
  private Duration awaken() {
    Fate then = fate.getAndSet(null);
    if (then == null) {
      return ground.anyTime(PAUSE);
    }
    memory.clear();
    if (then == Fate.REPLACED) {
      keys.clear();
      swarms.replaceAll(former -> newName());
    }
    Duration missed = ground.plan().servers().lease().multipliedBy(2);
    return then == Fate.BACK_LATE ? missed.plus(ground.anyTime(missed)) : Duration.ZERO;
  }

  private Mono<Void> session(SwarmClient connected) {
    client = connected;
    if (fate.get() != null) {
      connected.cut(); // killed while it connected
    }
    memory.newConnection();
    var tasking = new Tasking(connected, ground.data(), "");
    var desk = new Desk(ground, memory, tasking, connected.scheduler(), slow);
    Mono<Void> heard =
        connected
            .notifications()
            .flatMap(what -> heard(what, connected, desk), Integer.MAX_VALUE)
            .then();
    Mono<Void> boarded =
        connected
            .open()
            .thenMany(Flux.fromIterable(swarms))
            .flatMap(swarm -> take(swarm, connected, desk))
            .then();
    return Mono.when(heard, boarded).doFinally(end -> connected.cut());
  }

  private Mono<Void> heard(Notification what, SwarmClient connected, Desk desk) {
    if (what instanceof Assignment assignment) {
      ground.seen().assigned(assignment);
      return desk.perform(assignment);
    }
    if (what instanceof Event event && event.method().equals("swarm.detached")) {
      String swarm = event.params().path("swarmId").asString();
      return keys.containsKey(swarm) ? take(swarm, connected, desk) : Mono.empty();
    }
    return Mono.empty();
  }

  /** Completes when the swarm has asked for work and done what it had from before. */
  private Mono<Void> take(String swarm, SwarmClient connected, Desk desk) {
    String key = keys.get(swarm);
    return key == null ? create(swarm, connected, desk) : attach(swarm, key, connected, desk);
  }

  /** A swarm that was created without an answer is nobody's; another takes its place. */
  private Mono<Void> create(String swarm, SwarmClient connected, Desk desk) {
    return connected
        .request("swarm.create", Map.of("id", swarm, "objective", "survive"))
        .retryWhen(ground.whilePassing())
        .doOnNext(made -> keys.put(swarm, made.path("key").asString()))
        .then(Mono.defer(() -> desk.open(swarm, List.of())))
        .onErrorResume(Fault.class, fault -> createAnother(swarm, fault, connected, desk));
  }

  private Mono<Void> createAnother(String swarm, Fault fault, SwarmClient connected, Desk desk) {
    if (!fault.name().equals("ALREADY_EXISTS")) {
      ground.seen().unexpected(fault);
      return Mono.error(fault);
    }
    String another = newName();
    swarms.replaceAll(former -> former.equals(swarm) ? another : former);
    return create(another, connected, desk);
  }

  private Mono<Void> attach(String swarm, String key, SwarmClient connected, Desk desk) {
    return Mono.defer(
            () -> {
              ground.seen().ledger().attached(swarm);
              return connected.request("swarm.attach", Map.of("swarmId", swarm, "key", key));
            })
        .retryWhen(ground.whilePassing())
        .doOnError(Fault.class, ground.seen()::unexpected)
        .flatMap(attached -> desk.open(swarm, leases(attached)));
  }

  private List<Assignment> leases(JsonNode attached) {
    ground.seen().attached();
    return attached.path("leases").valueStream().map(Tasking::assignment).toList();
  }
}
