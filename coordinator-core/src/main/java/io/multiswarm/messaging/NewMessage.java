package io.multiswarm.messaging;

import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.common.Texts;
import io.multiswarm.common.Traceparent;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a swarm says: the application's own type and its data.
 *
 * @param id makes a repetition harmless within the channel's history; 1 to 128 characters. Null:
 *     each call that sends this sends another message, under an id of its own; to subscribe to the
 *     Mono of a call again sends the same
 * @param type not empty
 * @param toAgent addressed within the target swarm; not looked up
 * @param traceparent of the trace that it belongs to, by W3C's Trace Context; what is none is null
 */
public record NewMessage(
    @Nullable String id,
    String type,
    Json data,
    @Nullable String toAgent,
    @Nullable String traceparent) {

  private static final int MAX_ID = 128;
  private static final int MAX_TYPE = 256;

  public NewMessage {
    if (id != null) {
      Texts.checkWord("id", id, MAX_ID);
    }
    Texts.checkWord("type", type, MAX_TYPE);
    if (toAgent != null) {
      Ids.check("toAgent", toAgent);
    }
    traceparent = Traceparent.orNull(traceparent);
  }

  /** Of no trace but that in which it is sent. */
  public NewMessage(@Nullable String id, String type, Json data, @Nullable String toAgent) {
    this(id, type, data, toAgent, null);
  }

  /** Without an id. {@code data} is anything that {@link Json#of} takes. */
  public static NewMessage of(String type, @Nullable Object data) {
    return new NewMessage(null, type, Json.of(data), null);
  }

  public NewMessage withId(String other) {
    return new NewMessage(other, type, data, toAgent, traceparent);
  }

  /** The same, for one agent of the swarm. */
  public NewMessage toAgent(String agent) {
    return new NewMessage(id, type, data, agent, traceparent);
  }

  /** The same, in that trace. */
  public NewMessage in(@Nullable String trace) {
    return Objects.equals(trace, traceparent)
        ? this
        : new NewMessage(id, type, data, toAgent, trace);
  }
}
