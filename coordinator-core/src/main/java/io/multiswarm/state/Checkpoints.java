package io.multiswarm.state;

import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What a swarm says it can resume from, made by hand. As many are kept as {@link Snapshots}, and
 * labels and errors are theirs.
 */
public interface Checkpoints {

  /**
   * @param data a JSON object, that recovery saves as the state when that is lost; {@code
   *     INVALID_ARGUMENT} for anything else, {@code PAYLOAD_TOO_LARGE} over the limit of a message
   */
  Mono<Checkpoint> create(Ownership owner, Json data, @Nullable String label);

  /** Newest first. */
  Mono<List<Checkpoint>> list(Ownership owner);

  /** As {@link Snapshots#restore}. */
  Mono<SavedVersion> restore(Ownership owner, String checkpointId);

  Mono<Void> delete(Ownership owner, String checkpointId);
}
