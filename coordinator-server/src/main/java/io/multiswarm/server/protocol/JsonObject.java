package io.multiswarm.server.protocol;

import io.multiswarm.common.Json;
import org.jspecify.annotations.Nullable;

/**
 * Builds the object of a result or of a notification's parameters, member by member, without an
 * object mapper: {@code JsonObject.with("id", id).and("offset", 7).json()}.
 *
 * <p>Values are strings, integers, booleans, {@link Json} that is spliced in as it is, null, or
 * what {@link Json#of} can write.
 */
public final class JsonObject {

  private final JsonWriter writer = new JsonWriter().ascii("{");
  private boolean empty = true;

  private JsonObject() {}

  public static JsonObject empty() {
    return new JsonObject();
  }

  public static JsonObject with(String name, @Nullable Object value) {
    return new JsonObject().and(name, value);
  }

  public JsonObject and(String name, @Nullable Object value) {
    name(name).value(value);
    return this;
  }

  public JsonObject and(String name, long value) {
    name(name).number(value);
    return this;
  }

  /** Leaves the member out when there is no value. */
  public JsonObject andPresent(String name, @Nullable Object value) {
    return value == null ? this : and(name, value);
  }

  /** A member that is an array of JSON values. */
  public JsonObject and(String name, Iterable<Json> values) {
    name(name).ascii("[");
    String separator = "";
    for (Json value : values) {
      writer.ascii(separator).raw(value.bytes());
      separator = ",";
    }
    writer.ascii("]");
    return this;
  }

  private JsonWriter name(String name) {
    writer.ascii(empty ? "" : ",").string(name).ascii(":");
    empty = false;
    return writer;
  }

  /** The finished object; nothing can be added after that. */
  public Json json() {
    return Json.trusted(writer.ascii("}").toBytes());
  }
}
