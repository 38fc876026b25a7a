package io.multiswarm.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a checkpoint.
 *
 * @param version that the state had when the checkpoint was made; 0 when there was none
 * @param createdAt by Redis's clock
 * @param bytes of its data
 */
public record Checkpoint(
    String id, @Nullable String label, long version, Instant createdAt, long bytes) {}
