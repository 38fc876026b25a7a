package io.multiswarm.load.target;

import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.protocol.CommandType;
import io.multiswarm.load.target.RedisServerProcess.Sync;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A cluster of three masters with replicas. A fleet lives on one of the masters. */
final class ClusterRedis extends RedisGroup {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
  private static final int MASTERS = 3;
  private static final int SLOTS = 16_384;

  private final List<RedisServerProcess> nodes = new CopyOnWriteArrayList<>();
  private final List<Integer> buses = new CopyOnWriteArrayList<>();

  private ClusterRedis(Scheduler clock) {
    super(clock);
  }

  static Mono<ClusterRedis> start(int replicas, Sync sync, Scheduler clock) {
    return formed(() -> new ClusterRedis(clock), group -> group.form(replicas, sync));
  }

  private Mono<Void> form(int replicas, Sync sync) {
    int count = MASTERS * (1 + replicas);
    return Flux.range(0, count)
        .concatMap(any -> Mono.defer(() -> node(sync)))
        .thenMany(Flux.range(0, MASTERS).concatMap(this::giveSlots))
        .thenMany(Flux.range(1, count - 1).concatMap(this::meet))
        .then(Mono.defer(() -> allSay("cluster_known_nodes:" + count)))
        .thenMany(Flux.range(MASTERS, count - MASTERS).concatMap(this::follow))
        .then(Mono.defer(this::whole));
  }

  private Mono<RedisServerProcess> node(Sync sync) {
    int bus = freePort();
    List<String> settings = new ArrayList<>(sync.settings());
    settings.addAll(
        List.of(
            "cluster-enabled yes",
            "cluster-node-timeout " + Topology.DOWN_AFTER.toMillis(),
            "cluster-port " + bus,
            "cluster-require-full-coverage no",
            "cluster-replica-validity-factor 0",
            "repl-diskless-sync-delay 0"));
    return RedisServerProcess.start(settings, List.of(), clock)
        .doOnNext(
            node -> {
              nodes.add(node);
              buses.add(bus);
            });
  }

  private static int freePort() {
    try {
      return LocalResources.freePort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Mono<Void> giveSlots(int master) {
    int first = master * SLOTS / MASTERS;
    int last = (master + 1) * SLOTS / MASTERS - 1;
    RedisServerProcess node = nodes.get(master);
    return console
        .order(node, CommandType.CLUSTER, "ADDSLOTSRANGE", "" + first, "" + last)
        .then(console.order(node, CommandType.CLUSTER, "SET-CONFIG-EPOCH", "" + (master + 1)))
        .then();
  }

  private Mono<Void> meet(int other) {
    String port = Integer.toString(nodes.get(other).port());
    String bus = Integer.toString(buses.get(other));
    return console.order(nodes.get(0), CommandType.CLUSTER, "MEET", "127.0.0.1", port, bus).then();
  }

  /** It may not know its master yet, and is told again. */
  private Mono<Void> follow(int replica) {
    return console
        .ask(nodes.get(replica % MASTERS), RedisAsyncCommands::clusterMyId)
        .flatMap(
            master ->
                console.until(
                    "a replica that knows its master",
                    console
                        .order(nodes.get(replica), CommandType.CLUSTER, "REPLICATE", master)
                        .map("OK"::equals)));
  }

  private Mono<Void> allSay(String fact) {
    return console.until(
        "all nodes that say " + fact,
        Flux.fromIterable(nodes)
            .flatMap(node -> console.ask(node, RedisAsyncCommands::clusterInfo))
            .all(told -> told.contains(fact)));
  }

  /** Three masters, and a replica with a link for each other node. */
  @Override
  public Mono<Void> whole() {
    return console
        .until(
            "three masters with replicas",
            Flux.fromIterable(nodes)
                .flatMap(console::replication)
                .collectList()
                .map(
                    told -> {
                      long masters = told.stream().filter(ClusterRedis::isMaster).count();
                      long linked =
                          told.stream().filter(one -> one.contains("link_status:up")).count();
                      return masters == MASTERS && masters + linked == nodes.size();
                    }))
        .then(Mono.defer(() -> allSay("cluster_state:ok")));
  }

  private static boolean isMaster(String told) {
    return told.contains("role:master");
  }

  /** The master that has keys; while there are none, any. */
  @Override
  Mono<RedisServerProcess> master() {
    return Flux.fromIterable(nodes)
        .filter(RedisServerProcess::isAlive)
        .filterWhen(node -> console.replication(node).map(ClusterRedis::isMaster))
        .flatMap(
            node ->
                console.ask(node, RedisAsyncCommands::dbsize).map(keys -> new Owner(node, keys)))
        .reduce((one, other) -> other.keys > one.keys ? other : one)
        .map(Owner::node);
  }

  @Override
  public Mono<List<URI>> masters() {
    return Flux.fromIterable(nodes)
        .filter(RedisServerProcess::isAlive)
        .filterWhen(node -> console.replication(node).map(ClusterRedis::isMaster))
        .map(RedisServerProcess::uri)
        .collectList();
  }

  /** A cluster announces nothing: who was a replica before calls itself a master. */
  @Override
  public Mono<Change> nextChange() {
    return Flux.fromIterable(nodes)
        .filterWhen(node -> console.replication(node).map(told -> !isMaster(told)))
        .collectList()
        .flatMap(this::firstPromoted)
        .flatMap(
            promoted -> {
              long announced = clock.now(TimeUnit.NANOSECONDS);
              return console
                  .nextScript(promoted)
                  .map(ran -> new Change(announced, clock.now(TimeUnit.NANOSECONDS)));
            });
  }

  private Mono<RedisServerProcess> firstPromoted(List<RedisServerProcess> replicas) {
    return Flux.fromIterable(replicas)
        .filterWhen(node -> console.replication(node).map(ClusterRedis::isMaster))
        .next()
        .repeatWhenEmpty(looks -> looks.delayElements(LOOK_AGAIN, clock));
  }

  private record Owner(RedisServerProcess node, long keys) {}

  /** Two masters: what they are asked, the others can answer as well. */
  @Override
  public URI uri() {
    return URI.create(nodes.get(0).uri() + ",127.0.0.1:" + nodes.get(1).port());
  }

  /** What is published is heard at every node. */
  @Override
  public URI heardAt() {
    return nodes.get(nodes.size() - 1).uri();
  }

  @Override
  public Mono<Void> close() {
    return Flux.fromIterable(nodes)
        .flatMap(RedisServerProcess::close)
        .then(Mono.defer(console::close));
  }
}
