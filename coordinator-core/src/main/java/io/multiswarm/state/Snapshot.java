package io.multiswarm.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a snapshot.
 *
 * @param version of the state that was copied
 * @param createdAt by Redis's clock
 * @param bytes of the state
 * @param automatic whether it was taken by the interval
 */
public record Snapshot(
    String id,
    @Nullable String label,
    long version,
    Instant createdAt,
    long bytes,
    boolean automatic) {}
