package io.multiswarm.load.client;

import tools.jackson.databind.JsonNode;

/** What the server says without being asked. */
public sealed interface ServerNotification {

  /**
   * A message of a subscribed channel. Of its payload only the {@link Stamp} is read.
   *
   * @param epoch empty, as the offset is 0, when a foreign publisher sent it
   */
  record Delivery(String channel, String epoch, long offset, Stamp stamp)
      implements ServerNotification {}

  /** Messages {@code from} to {@code to} of a channel will not come. */
  record Gap(String channel, String epoch, long from, long to, String reason)
      implements ServerNotification {}

  /**
   * A swarm of this session is to do a task. Of the task only the {@link Stamp} in its data is
   * read.
   */
  record Assignment(String swarm, long attempt, Stamp stamp) implements ServerNotification {}

  /** Any other notification. */
  record Event(String method, JsonNode params) implements ServerNotification {}

  /** What the harness writes into the data of each message and task, to know it again. */
  record Stamp(int sender, long number, long intendedNanos) {}
}
