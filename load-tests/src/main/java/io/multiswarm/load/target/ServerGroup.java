package io.multiswarm.load.target;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.client.HttpClient;

/**
 * Servers that are started, all alike, and share the load.
 *
 * @param jar their program
 * @param flags what they are told beyond their port, data directory and fleets
 * @param nodes how many
 * @param fleets that each of them serves; none for the one without a name
 */
public record ServerGroup(Path jar, List<String> flags, int nodes, List<String> fleets) {

  private static final int MOST = 16;

  public ServerGroup {
    if (nodes < 1 || nodes > MOST) {
      throw new IllegalArgumentException("--nodes is 1 to %d, not %d".formatted(MOST, nodes));
    }
    if (new HashSet<>(fleets).size() < fleets.size() || fleets.contains("")) {
      throw new IllegalArgumentException(
          "--fleets are names, each once, unlike " + String.join(",", fleets));
    }
  }

  /** The first brings the Redis along that all of them share. */
  public Mono<Target> withTheirRedis(HttpClient http, Scheduler clock) {
    return ServerProcess.start(jar, told(), http, clock)
        .flatMap(
            first ->
                Mono.fromSupplier(() -> redisOf(first))
                    .flatMap(redis -> others(first, redis, http, clock))
                    .onErrorResume(error -> first.close().then(Mono.error(error))));
  }

  private static URI redisOf(ServerProcess server) {
    return server
        .redis()
        .orElseThrow(() -> new IllegalStateException("The server does not say where its Redis is"));
  }

  private Mono<Target> others(ServerProcess first, URI redis, HttpClient http, Scheduler clock) {
    return started(nodes - 1, redis, http, clock)
        .map(others -> Stream.concat(Stream.of(first), others.stream()).toList())
        .map(all -> at(redis, all));
  }

  /** On a Redis that somebody else started. */
  public Mono<Target> on(URI redis, HttpClient http, Scheduler clock) {
    return started(nodes, redis, http, clock)
        .map(servers -> at(servers.get(0).redis().orElse(redis), servers));
  }

  private Target at(URI redis, List<ServerProcess> servers) {
    return new GroupedTarget(servers, fleets, SharedRedis.at(redis), List.of(redis), redis);
  }

  /** On a Redis of ours, which ends with them. */
  public Mono<Target> on(SharedRedis redis, HttpClient http, Scheduler clock) {
    return started(nodes, redis.uri(), http, clock)
        .flatMap(
            servers ->
                Mono.zip(redis.masters(), redis.writable())
                    .<Target>map(
                        now -> new GroupedTarget(servers, fleets, redis, now.getT1(), now.getT2()))
                    .onErrorResume(error -> closed(servers).then(Mono.error(error))))
        .onErrorResume(error -> redis.close().then(Mono.error(error)));
  }

  private Mono<List<ServerProcess>> started(
      int count, URI redis, HttpClient http, Scheduler clock) {
    List<ServerProcess> servers = new CopyOnWriteArrayList<>();
    return Flux.range(0, count)
        .concatMap(any -> ServerProcess.start(jar, redis, told(), http, clock), 1)
        .doOnNext(servers::add)
        .then(Mono.fromSupplier(() -> List.copyOf(servers)))
        .onErrorResume(error -> closed(servers).then(Mono.error(error)));
  }

  private static Mono<Void> closed(List<ServerProcess> servers) {
    return Flux.fromIterable(servers).flatMap(ServerProcess::close).then();
  }

  private List<String> told() {
    List<String> all = new ArrayList<>(flags);
    if (!fleets.isEmpty()) {
      all.addAll(List.of("--fleets", String.join(",", fleets)));
    }
    return all;
  }
}
