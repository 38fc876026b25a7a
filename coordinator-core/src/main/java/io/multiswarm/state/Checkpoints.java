package io.multiswarm.state;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What a swarm says it can resume from, made by hand. */
public interface Checkpoints extends Copies<Checkpoint> {

  /**
   * @param data a JSON object, that recovery saves as the state when that is lost; {@code
   *     INVALID_ARGUMENT} for anything else, {@code PAYLOAD_TOO_LARGE} over the limit of a message
   */
  Mono<Checkpoint> create(Ownership owner, Json data, @Nullable String label);
}
