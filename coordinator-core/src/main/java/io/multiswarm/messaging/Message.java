package io.multiswarm.messaging;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Json;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The envelope, decoded: {@code {id, swarmId, timestamp, messageType, target, targetAgent,
 * payload:{type, data, requestId?}, metadata}}.
 *
 * @param id of the message; may be empty in a foreign one
 * @param swarmId the sender
 * @param timestamp ms since the epoch
 * @param messageType null when a foreign program uses a word of its own
 * @param target the addressed swarm, for targeted and agent messages
 * @param type {@code payload.type}, the application's own word
 * @param payload whole, as it came
 * @param data {@code payload.data}; JSON null when there is none
 * @param requestId present in a request that waits for a reply
 */
public record Message(
    String id,
    String swarmId,
    long timestamp,
    @Nullable MessageType messageType,
    @Nullable String target,
    @Nullable String targetAgent,
    String type,
    Json payload,
    Json data,
    @Nullable String requestId,
    Json metadata) {

  /** Decodes an envelope; refuses JSON that has no string {@code swarmId} or no object payload. */
  public static Message parse(Json envelope) {
    Map<String, Json> members = envelope.members();
    Json payload = members.getOrDefault("payload", Json.NULL);
    String swarmId = text(members.get("swarmId"));
    if (swarmId == null || !payload.isObject()) {
      throw CoordinationException.invalid("envelope", "needs a swarmId and an object payload");
    }
    Map<String, Json> inner = payload.members();
    return new Message(
        orEmpty(text(members.get("id"))),
        swarmId,
        time(members.get("timestamp")),
        MessageType.parse(text(members.get("messageType"))),
        text(members.get("target")),
        text(members.get("targetAgent")),
        orEmpty(text(inner.get("type"))),
        payload,
        inner.getOrDefault("data", Json.NULL),
        text(inner.get("requestId")),
        members.getOrDefault("metadata", Json.EMPTY_OBJECT));
  }

  private static @Nullable String text(@Nullable Json value) {
    return value != null && value.isString() ? value.text() : null;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** Programs of the design's first edition write ISO text here; its order is not used. */
  private static long time(@Nullable Json value) {
    return value != null && value.isInteger() ? value.as(Long.class) : 0;
  }

  /** The envelope's {@code messageType}: which kind of channel a message belongs to. */
  public enum MessageType {
    TARGETED,
    BROADCAST,
    COORDINATION,
    AGENT,
    TASK,
    EVENT;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** As it is written on the wire. */
    public String word() {
      return word;
    }

    /** Null for another word: foreign programs may have their own. */
    public static @Nullable MessageType parse(@Nullable String word) {
      for (MessageType type : values()) {
        if (type.word().equals(word)) {
          return type;
        }
      }
      return null;
    }
  }
}
