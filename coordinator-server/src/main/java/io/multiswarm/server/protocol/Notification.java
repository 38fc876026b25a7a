package io.multiswarm.server.protocol;

/** Every notification that the server sends. */
public enum Notification {
  SWARM_DETACHED("swarm.detached"),
  CHANNEL_MESSAGE("channel.message"),
  CHANNEL_GAP("channel.gap"),
  TASK_ASSIGNED("task.assigned"),
  TASK_REVOKED("task.revoked"),
  TASK_UPDATED("task.updated"),
  CONFLICT_VOTE_REQUESTED("conflict.vote_requested"),
  STATS_UPDATE("stats.update");

  private final String method;

  Notification(String method) {
    this.method = method;
  }

  /** Its {@code method} on the wire. */
  public String method() {
    return method;
  }
}
