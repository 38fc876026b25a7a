package io.multiswarm.tasks;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Json;
import io.multiswarm.common.Priority;
import io.multiswarm.common.Traceparent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of a submitted task. Written once, without line breaks, because signals use them as
 * separators; the user's {@code data} stays as it came but for breaks between its tokens.
 */
public final class TaskSpec {

  private TaskSpec() {}

  /** Reads a task of the wire protocol; refuses wrong types, ignores unknown members. */
  static NewTask read(Json json) {
    if (!json.isObject()) {
      throw CoordinationException.invalid("task", "must be an object");
    }
    Map<String, Json> members = json.members();
    String description = text(members, "description");
    if (description == null) {
      throw CoordinationException.invalid("task.description", "is required, a string");
    }
    Json data = members.get("data");
    return new NewTask(
        text(members, "id"),
        description,
        text(members, "type"),
        Priority.parse("task.priority", text(members, "priority")),
        texts(members, "capabilities"),
        text(members, "estimatedEffort"),
        data,
        Math.toIntExact(number(members, "maxAttempts", NewTask.DEFAULT_MAX_ATTEMPTS)),
        Duration.ofMillis(number(members, "timeoutMs", NewTask.DEFAULT_LEASE.toMillis())),
        Duration.ofMillis(number(members, "delayMs", 0)),
        text(members, "strategy"),
        text(members, "dedupeKey"),
        // Never from a client's words.
        null,
        Traceparent.given("task.metadata", members.get("metadata")));
  }

  /** The task object of the wire protocol. */
  public static String write(NewTask task, String id, @Nullable String from) {
    StringBuilder json = new StringBuilder(256);
    json.append("{\"id\":\"").append(id).append('"');
    member(json, "description", task.description());
    member(json, "type", task.type());
    json.append(",\"priority\":\"").append(task.priority().word()).append('"');
    json.append(",\"capabilities\":")
        .append(task.capabilities().isEmpty() ? "[]" : Json.of(task.capabilities()).toString());
    member(json, "estimatedEffort", task.estimatedEffort());
    Json data = task.data();
    if (data != null) {
      json.append(",\"data\":").append(oneLine(data));
    }
    json.append(",\"maxAttempts\":").append(task.maxAttempts());
    json.append(",\"timeoutMs\":").append(task.lease().toMillis());
    if (!task.delay().isZero()) {
      json.append(",\"delayMs\":").append(task.delay().toMillis());
    }
    member(json, "strategy", task.strategy());
    member(json, "dedupeKey", task.dedupeKey());
    member(json, "from", from);
    member(json, "principal", task.principal());
    if (task.traceparent() != null) {
      json.append(",\"metadata\":").append(Traceparent.metadata(task.traceparent()));
    }
    return json.append('}').toString();
  }

  /** Within a JSON string a line break is escaped, so every raw one is white space. */
  public static String oneLine(Json json) {
    return json.toString().replace('\n', ' ').replace('\r', ' ');
  }

  private static void member(StringBuilder json, String name, @Nullable String value) {
    if (value != null) {
      json.append(",\"").append(name).append("\":").append(Json.quote(value));
    }
  }

  private static @Nullable String text(Map<String, Json> members, String name) {
    Json value = members.get(name);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      throw CoordinationException.invalid("task." + name, "must be a string");
    }
    return value.text();
  }

  private static List<String> texts(Map<String, Json> members, String name) {
    Json value = members.get(name);
    if (value == null || value.isNull()) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    if (!value.isArray() || !(value.as(List.class) instanceof List<?> items)) {
      throw CoordinationException.invalid("task." + name, "must be an array of strings");
    }
    for (Object item : items) {
      if (!(item instanceof String one)) {
        throw CoordinationException.invalid("task." + name, "must be an array of strings");
      }
      texts.add(one);
    }
    return texts;
  }

  private static long number(Map<String, Json> members, String name, long byDefault) {
    Json value = members.get(name);
    if (value == null || value.isNull()) {
      return byDefault;
    }
    if (!value.isInteger()) {
      throw CoordinationException.invalid("task." + name, "must be an integer");
    }
    try {
      long number = value.as(Long.class);
      if (Math.abs(number) <= Integer.MAX_VALUE || !name.equals("maxAttempts")) {
        return number;
      }
    } catch (CoordinationException tooLong) {
      // falls through to the same refusal
    }
    throw CoordinationException.invalid("task." + name, "is out of range");
  }
}
