package io.multiswarm.internal.state;

import io.multiswarm.common.Json;
import io.multiswarm.state.Checkpoint;
import io.multiswarm.state.Snapshot;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry of an index: a snapshot or a checkpoint, without its contents.
 *
 * @param version of the state at that time
 */
record Copy(
    String id,
    long version,
    Instant createdAt,
    String sha1,
    long bytes,
    boolean automatic,
    @Nullable String label) {

  private static final int PARTS = 7;

  /** Reads {@code <number> <createdAt> <version> <sha1> <bytes> <kind> <label, JSON>}. */
  static Copy parse(String id, String entry) {
    String[] parts = entry.split(" ", PARTS);
    Json label = Json.trusted(parts[6]);
    return new Copy(
        id,
        Long.parseLong(parts[2]),
        Instant.ofEpochMilli(Long.parseLong(parts[1])),
        parts[3],
        Long.parseLong(parts[4]),
        parts[5].equals("automatic"),
        label.isNull() ? null : label.text());
  }

  Snapshot toSnapshot() {
    return new Snapshot(id, label, version, createdAt, bytes, automatic);
  }

  Checkpoint toCheckpoint() {
    return new Checkpoint(id, label, version, createdAt, bytes);
  }
}
