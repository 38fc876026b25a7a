package io.multiswarm.load.peers;

import java.util.Locale;

/** What can be measured alone. */
public enum PeerPart {
  /** Whole lives of tasks, saturated. */
  TASKS,
  /** What a task takes of Redis, saturated and at a rate. */
  REDIS,
  /** From a submission to the assignment, at a rate. */
  PICKUP,
  /** Messages over WebSocket, saturated. */
  MESSAGES,
  /** Messages to a thousand sockets, at a rate. */
  BROADCAST,
  /** A process that has just been started. */
  COLD,
  /** Many swarms against few. */
  SWARMS;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
