package io.multiswarm.load.target;

import io.lettuce.core.protocol.CommandType;
import io.multiswarm.load.target.RedisServerProcess.Sync;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** A master with replicas, and three Sentinels of which two must agree that it is down. */
final class SentinelRedis extends RedisGroup {

  private static final String MASTER = "mymaster";
  private static final String SWITCHED = "+switch-master";
  private static final int SENTINELS = 3;
  private static final int QUORUM = 2;
  private static final Duration FAILOVER = Duration.ofSeconds(5);

  private final List<RedisServerProcess> servers = new CopyOnWriteArrayList<>();
  private final List<RedisServerProcess> sentinels = new CopyOnWriteArrayList<>();

  private final Sinks.Many<Switch> switches = Sinks.many().multicast().directBestEffort();

  /** The first word of a change. */
  private record Switch(String port, long nanos) {}

  private SentinelRedis(Scheduler clock) {
    super(clock);
  }

  static Mono<SentinelRedis> start(int replicas, Sync sync, Scheduler clock) {
    return formed(() -> new SentinelRedis(clock), group -> group.form(replicas, sync));
  }

  private Mono<Void> form(int replicas, Sync sync) {
    List<String> settings = new ArrayList<>(sync.settings());
    settings.add("repl-diskless-sync-delay 0");
    return RedisServerProcess.start(settings, List.of(), clock)
        .doOnNext(servers::add)
        .flatMap(
            master -> {
              settings.add("replicaof 127.0.0.1 " + master.port());
              return Flux.range(0, replicas)
                  .flatMap(any -> RedisServerProcess.start(settings, List.of(), clock))
                  .doOnNext(servers::add)
                  .then(console.until("replicas of the master", hasAllReplicas(master)))
                  .then(watched(master));
            })
        .then(Mono.defer(this::whole));
  }

  private Mono<Void> watched(RedisServerProcess master) {
    List<String> settings =
        List.of(
            "sentinel monitor %s 127.0.0.1 %d %d".formatted(MASTER, master.port(), QUORUM),
            "sentinel down-after-milliseconds %s %d"
                .formatted(MASTER, Topology.DOWN_AFTER.toMillis()),
            "sentinel failover-timeout %s %d".formatted(MASTER, FAILOVER.toMillis()));
    return Flux.range(0, SENTINELS)
        .flatMap(any -> RedisServerProcess.start(settings, List.of("--sentinel"), clock))
        .doOnNext(sentinels::add)
        .flatMap(sentinel -> console.listen(sentinel, SWITCHED, this::heard))
        .then();
  }

  /** {@code mymaster 127.0.0.1 6379 127.0.0.1 6380}; each Sentinel tells it on its own. */
  private void heard(String text) {
    String port = text.substring(text.lastIndexOf(' ') + 1);
    switches.emitNext(
        new Switch(port, clock.now(TimeUnit.NANOSECONDS)),
        Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
  }

  @Override
  public Mono<Void> handOver() {
    return whole().then(Mono.defer(this::switched));
  }

  /** A Sentinel drops an order when what it knows of the replicas is too old: then once more. */
  private Mono<Void> switched() {
    return Flux.interval(Duration.ZERO, FAILOVER.multipliedBy(2), clock)
        .onBackpressureDrop()
        .concatMap(
            orders ->
                console
                    .order(sentinels.get(0), CommandType.SENTINEL, "FAILOVER", MASTER)
                    .onErrorComplete(refused -> orders > 0))
        .takeUntilOther(switches.asFlux())
        .then();
  }

  @Override
  public Mono<Change> nextChange() {
    return switches
        .asFlux()
        .next()
        .flatMap(
            told ->
                Flux.fromIterable(servers)
                    .filter(server -> told.port.equals(String.valueOf(server.port())))
                    .next()
                    .flatMap(console::nextScript)
                    .map(ran -> new Change(told.nanos, clock.now(TimeUnit.NANOSECONDS))));
  }

  private Mono<Boolean> hasAllReplicas(RedisServerProcess master) {
    return console
        .replication(master)
        .map(
            told ->
                told.contains("role:master")
                    && told.lines().filter(line -> line.contains("state=online")).count()
                        == servers.size() - 1);
  }

  /** Whom the Sentinels call master, when all of them do, and nothing is wrong with it. */
  @Override
  Mono<RedisServerProcess> master() {
    return Flux.fromIterable(sentinels)
        .flatMap(sentinel -> console.askSentinel(sentinel, MASTER))
        .filter(
            told ->
                "master".equals(told.get("flags"))
                    && String.valueOf(SENTINELS - 1).equals(told.get("num-other-sentinels"))
                    && String.valueOf(servers.size() - 1).equals(told.get("num-slaves")))
        .map(told -> String.valueOf(told.get("port")))
        .collectList()
        .filter(ports -> ports.size() == SENTINELS && ports.stream().distinct().count() == 1)
        .flatMapIterable(
            ports ->
                servers.stream()
                    .filter(server -> ports.get(0).equals(String.valueOf(server.port())))
                    .toList())
        .next();
  }

  @Override
  public Mono<Void> whole() {
    return console.until(
        "a master that all Sentinels know, with all its replicas",
        Mono.defer(() -> master().flatMap(this::hasAllReplicas).defaultIfEmpty(false)));
  }

  @Override
  public URI uri() {
    return URI.create(
        sentinels.stream()
            .map(sentinel -> "127.0.0.1:" + sentinel.port())
            .collect(Collectors.joining(",", "redis-sentinel://", "#" + MASTER)));
  }

  @Override
  public URI heardAt() {
    return uri();
  }

  @Override
  public Mono<Void> close() {
    return Flux.concat(Flux.fromIterable(sentinels), Flux.fromIterable(servers))
        .flatMap(RedisServerProcess::close)
        .then(Mono.defer(console::close));
  }
}
