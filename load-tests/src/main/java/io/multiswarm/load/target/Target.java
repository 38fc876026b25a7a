package io.multiswarm.load.target;

import java.net.URI;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** A server that can be measured. */
public interface Target {

  /** Its WebSocket address. */
  URI url();

  /** The Redis behind it, when that is known. */
  Optional<URI> redis();

  /** Its process, when it is ours. */
  Optional<ProcessHandle> process();

  /** Ends what was started for it, and nothing else. */
  Mono<Void> close();
}
