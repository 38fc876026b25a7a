package io.multiswarm.load.target;

import io.multiswarm.load.client.Door;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** A server that can be measured, or several that share the load. */
public interface Target {

  /** Its WebSocket address; of several that of the first. */
  URI url();

  /** All ways in, which sessions take in turn. */
  default List<Door> doors() {
    return List.of(new Door(url()));
  }

  /** The Redis behind it, when that is known. */
  Optional<URI> redis();

  /** The processes of Redis that take writes, as far as they are known. */
  default List<URI> shards() {
    return redis().stream().toList();
  }

  /** Its process, when it is ours; of several that of the first. */
  Optional<ProcessHandle> process();

  /** The processes of all servers, as far as they are ours. */
  default List<ProcessHandle> processes() {
    return process().stream().toList();
  }

  /** Ends what was started for it, and nothing else. */
  Mono<Void> close();
}
