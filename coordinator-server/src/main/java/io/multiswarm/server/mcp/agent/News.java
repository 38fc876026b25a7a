package io.multiswarm.server.mcp.agent;

import io.multiswarm.common.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What there is for an agent.
 *
 * @param assignment a task to work on, as in {@code task.assigned}, perhaps {@link #SHORTENED};
 *     null when there is none
 * @param isAgain whether the agent was told of that task before, and has not reported it
 * @param messages envelopes, the oldest of each channel first
 * @param missed messages that came and are not kept any more
 * @param stops tasks that were taken from the agent
 * @param cursor for the next call
 */
public record News(
    @Nullable Json assignment,
    boolean isAgain,
    List<Json> messages,
    List<Missed> missed,
    List<Stop> stops,
    Cursor cursor) {

  /** True in an assignment that lacks the task's data, and the end of a long description. */
  public static final String SHORTENED = "shortened";

  /** Messages of a channel that are not there any more. */
  public record Missed(String channel, long from, long to) {}

  /** A task that the agent should not go on with. */
  public record Stop(String taskId, long attempt, String reason) {}

  public News {
    messages = List.copyOf(messages);
    missed = List.copyOf(missed);
    stops = List.copyOf(stops);
  }

  boolean isNone() {
    return assignment == null && messages.isEmpty() && missed.isEmpty() && stops.isEmpty();
  }
}
