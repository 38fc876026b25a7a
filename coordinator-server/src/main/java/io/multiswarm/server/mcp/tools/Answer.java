package io.multiswarm.server.mcp.tools;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a tool tells a model: one sentence of what happened and what to do next, and the facts.
 *
 * @param facts in the order in which they are told
 * @param isError whether the call was refused
 * @param awaits the task whose end the client is to follow instead; null when this is all
 */
public record Answer(
    String said, Map<String, Object> facts, boolean isError, @Nullable String awaits) {

  public Answer {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  Answer(String said, Map<String, Object> facts, boolean isError) {
    this(said, facts, isError, null);
  }

  static Answer of(String said) {
    return new Answer(said, Map.of(), false);
  }

  /** What a program should take for a failure. */
  static Answer failed(String said) {
    return new Answer(said, Map.of(), true);
  }

  /** With one more fact; null is none. */
  Answer with(String name, @Nullable Object value) {
    if (value == null) {
      return this;
    }
    Map<String, Object> more = new LinkedHashMap<>(facts);
    more.put(name, value instanceof Json json ? json.as(Object.class) : value);
    return new Answer(said, more, isError, awaits);
  }

  /** To be followed by the client, who knows how to. */
  Answer awaiting(String taskId) {
    return new Answer(said, facts, isError, taskId);
  }

  /** A refusal, in words that say what to do. */
  static Answer refused(CoordinationException refusal) {
    Answer answer =
        new Answer(
            refusal.code().name() + ": " + refusal.message() + ". " + advice(refusal),
            Map.of(),
            true);
    return answer
        .with("error", refusal.code().name())
        .with(
            "retryAfterMs", refusal.retryAfter() == null ? null : refusal.retryAfter().toMillis());
  }

  private static String advice(CoordinationException refusal) {
    ErrorCode code = refusal.code();
    if (code == ErrorCode.FENCED) {
      return "This is not yours any more: stop working on it and call next.";
    }
    if (code == ErrorCode.PERMISSION_DENIED) {
      return "Your token does not allow it: do without, or ask whoever runs the fleet.";
    }
    if (code == ErrorCode.ALREADY_EXISTS) {
      return "Choose another name; if that is you, give your handle.";
    }
    return code.retryable() ? "Call it again in a moment." : "Mend the call before you repeat it.";
  }

  /** All of it, for models: the sentence, then a line a fact. */
  public String text() {
    return facts.entrySet().stream()
        .map(fact -> '\n' + fact.getKey() + ": " + shown(fact.getValue()))
        .collect(Collectors.joining("", said, ""));
  }

  private static String shown(Object value) {
    return value instanceof String text ? text : Json.of(value).toString();
  }

  /** All of it, for programs. */
  public Map<String, Object> structured() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("hint", said);
    all.putAll(facts);
    return all;
  }
}
