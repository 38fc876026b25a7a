package io.multiswarm.registry;

import io.multiswarm.common.Json;
import io.multiswarm.common.Priority;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A registered swarm as it was at one moment.
 *
 * @param objective what it works on
 * @param strategy any word, {@code development} by default
 * @param maxAgents at least 1
 * @param lastActivity when it last did something: an update, a message, a task
 * @param lastHeartbeat when it last gave a sign of life
 * @param agents a JSON array of the swarm's own making
 * @param activeTasks assignments that have not ended
 * @param incarnation grows with each attachment and interruption
 * @param attached whether a session or an embedding application acts for it now
 * @param paused whether it is given no tasks
 */
public record Swarm(
    String id,
    String objective,
    String strategy,
    SwarmMode mode,
    int maxAgents,
    SwarmStatus status,
    Instant createdAt,
    Instant lastActivity,
    Instant lastHeartbeat,
    Json agents,
    SwarmMetadata metadata,
    Metrics metrics,
    int activeTasks,
    long incarnation,
    boolean attached,
    boolean paused) {

  /** As its metadata says. */
  public Priority priority() {
    return metadata.priority();
  }

  /** What its agents can do, as its metadata says. */
  public List<String> capabilities() {
    return metadata.capabilities();
  }

  /** Where it stands, as its metadata says; null when it does not. */
  public @Nullable String phase() {
    return metadata.phase();
  }

  /** The swarm object of the wire protocol; the key {@code swarm:{id}} has the same shape. */
  public Json toJson() {
    return SwarmJson.encode(this);
  }

  /** What a swarm did since it was registered; lags behind by about a second. */
  public record Metrics(long tasksCompleted, long tasksFailed, long messagesSent, long errors) {}
}
