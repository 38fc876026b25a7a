package io.multiswarm.load.target;

import io.multiswarm.load.client.Door;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Servers of our own on one Redis.
 *
 * @param servers at least one
 * @param fleets that each of them serves; none when it has but one
 * @param shards the processes that took writes when the servers were ready
 * @param writable the one of them that is looked at when there can be but one
 */
public record GroupedTarget(
    List<ServerProcess> servers,
    List<String> fleets,
    SharedRedis shared,
    List<URI> shards,
    URI writable)
    implements Target {

  /** One server, of one fleet. */
  public GroupedTarget(ServerProcess server, SharedRedis shared, URI writable) {
    this(List.of(server), List.of(), shared, List.of(writable), writable);
  }

  /** The first. */
  public ServerProcess server() {
    return servers.get(0);
  }

  @Override
  public URI url() {
    return server().url();
  }

  @Override
  public List<Door> doors() {
    return Door.of(servers.stream().map(ServerProcess::url).toList(), fleets);
  }

  @Override
  public Optional<URI> redis() {
    return Optional.of(writable);
  }

  @Override
  public Optional<ProcessHandle> process() {
    return server().process();
  }

  @Override
  public List<ProcessHandle> processes() {
    return servers.stream().flatMap(server -> server.process().stream()).toList();
  }

  /** The first server at last: what it brought along serves the others. */
  @Override
  public Mono<Void> close() {
    return Flux.fromIterable(servers.subList(1, servers.size()))
        .flatMap(ServerProcess::close)
        .then(Mono.defer(() -> server().close()))
        .then(Mono.defer(shared::close));
  }
}
