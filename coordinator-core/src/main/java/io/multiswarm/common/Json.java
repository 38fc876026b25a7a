package io.multiswarm.common;

import io.multiswarm.internal.json.JsonText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * One JSON value as opaque UTF-8 bytes: what users put into payloads, metadata and state.
 *
 * <p>The bytes pass through the system untouched: stored, published and sent as they came. They are
 * parsed only when somebody asks ({@link #as}, {@link #mergedWith}). Values made by {@link #parse}
 * are checked: one value, no trailing text, no duplicate keys, at most 100 levels, numbers of at
 * most 100 digits, names without halves of surrogate pairs. {@link #trusted} skips that for bytes
 * that were checked before.
 *
 * <p>Immutable as long as callers leave the array of {@link #bytes()} alone, which is not copied.
 */
public final class Json {

  /** Levels of nesting that {@link #parse} accepts. */
  public static final int MAX_DEPTH = JsonText.MAX_DEPTH;

  /** Characters that {@link #parse} accepts in a number. */
  public static final int MAX_DIGITS = JsonText.MAX_DIGITS;

  public static final Json NULL = trusted("null");
  public static final Json EMPTY_OBJECT = trusted("{}");
  public static final Json EMPTY_ARRAY = trusted("[]");

  private static final JsonMapper MAPPER =
      JsonMapper.builder(JsonText.readers())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          // What is no number of JSON is refused by the check of what was written.
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .addModule(new JsonForms())
          .build();

  private final byte[] utf8;

  private Json(byte[] utf8) {
    this.utf8 = utf8;
  }

  /**
   * Encodes maps, lists, strings, numbers, booleans, null, records and beans. A {@code Json} in
   * them stands as it is. Durations are in milliseconds; enums as keys are words in lower case. The
   * result is checked as by {@link #parse}.
   */
  public static Json of(@Nullable Object value) {
    if (value instanceof Json json) {
      return json;
    }
    try {
      byte[] written = MAPPER.writeValueAsBytes(value);
      return isPlain(value) ? new Json(written) : parse(written);
    } catch (JacksonException e) {
      throw CoordinationException.of(
              ErrorCode.INVALID_ARGUMENT, "value cannot be written as JSON: %s", JsonText.reason(e))
          .causedBy(e);
    }
  }

  /** What cannot be beyond a limit. */
  private static boolean isPlain(@Nullable Object value) {
    return value == null
        || value instanceof String
        || value instanceof Boolean
        || value instanceof Integer
        || value instanceof Long;
  }

  /** Checks and takes over {@code utf8}; refuses what is no single JSON value. */
  public static Json parse(byte[] utf8) {
    try {
      JsonText.check(utf8);
      return new Json(utf8);
    } catch (JacksonException e) {
      throw unreadable(e);
    }
  }

  /** Checks a text; {@code INVALID_ARGUMENT} when it is no JSON. */
  public static Json parse(String text) {
    if (JsonText.hasHalfPair(text)) {
      throw CoordinationException.of(
          ErrorCode.INVALID_ARGUMENT,
          "not readable as JSON: the text has half of a surrogate pair; write it as an escape");
    }
    return parse(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Takes over bytes that are known to be one JSON value. */
  public static Json trusted(byte[] utf8) {
    return new Json(utf8);
  }

  /** Takes over what is known to be JSON, without a look at it. */
  public static Json trusted(String text) {
    return new Json(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A JSON string literal, quotes included; half of a surrogate pair becomes an escape. */
  public static String quote(String text) {
    return new String(MAPPER.writeValueAsBytes(text), StandardCharsets.UTF_8);
  }

  /** The UTF-8 text, not copied: do not change it. */
  public byte[] bytes() {
    return utf8;
  }

  /** In bytes. */
  public int length() {
    return utf8.length;
  }

  /** Whether it is an object. */
  public boolean isObject() {
    return firstByte() == '{';
  }

  /** Whether it is an array. */
  public boolean isArray() {
    return firstByte() == '[';
  }

  /** Whether it is a string. */
  public boolean isString() {
    return firstByte() == '"';
  }

  /** A number without fraction and exponent. */
  public boolean isInteger() {
    int first = firstByte();
    if (first != '-' && (first < '0' || first > '9')) {
      return false;
    }
    for (byte b : utf8) {
      if (b == '.' || b == 'e' || b == 'E') {
        return false;
      }
    }
    return true;
  }

  /** Whether it is JSON null. */
  public boolean isNull() {
    return firstByte() == 'n';
  }

  /** The elements of an array in their order, each as it was written. */
  public List<Json> elements() {
    List<Json> elements = new ArrayList<>();
    slice(JsonToken.START_ARRAY, (name, element) -> elements.add(element));
    return elements;
  }

  /** An object of these members, in the order of the map; checked as by {@link #parse}. */
  public static Json object(Map<String, Json> members) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write('{');
    members.forEach(
        (name, value) -> {
          if (out.size() > 1) {
            out.write(',');
          }
          out.writeBytes(quote(name).getBytes(StandardCharsets.UTF_8));
          out.write(':');
          out.writeBytes(value.utf8);
        });
    out.write('}');
    return parse(out.toByteArray());
  }

  /**
   * Decodes into a record, bean, map or list; refuses what does not fit. A member of type {@code
   * Json} is what was written there.
   */
  public <T> T as(Class<T> type) {
    try (JsonParser parser = JsonText.parser(utf8)) {
      return MAPPER.readerFor(type).withAttribute(JsonForms.SOURCE, utf8).readValue(parser);
    } catch (JacksonException e) {
      throw unreadable(e);
    }
  }

  /** The members of a JSON object, each as it was written; insertion order. */
  public Map<String, Object> asMap() {
    try (JsonParser parser = JsonText.parser(utf8)) {
      return MAPPER.readerFor(new TypeReference<Map<String, Object>>() {}).readValue(parser);
    } catch (JacksonException e) {
      throw unreadable(e);
    }
  }

  /**
   * The members of a JSON object, each as its own bytes; insertion order. One pass, values are not
   * decoded. Refuses what is no object.
   */
  public Map<String, Json> members() {
    Map<String, Json> members = new LinkedHashMap<>();
    slice(JsonToken.START_OBJECT, members::put);
    return members;
  }

  /** The text of a JSON string; refuses other values. */
  public String text() {
    return as(String.class);
  }

  /**
   * This value changed by an RFC 7396 merge patch: members of {@code patch} replace ours, null
   * removes, objects are merged, everything else replaces the whole. What the patch does not name
   * keeps its bytes.
   */
  public Json mergedWith(Json patch) {
    if (!patch.isObject()) {
      return patch;
    }
    try (JsonParser ofTarget = JsonText.parser(utf8);
        JsonParser ofPatch = JsonText.parser(patch.utf8)) {
      ofTarget.nextToken();
      ofPatch.nextToken();
      return new Json(JsonMergePatch.merge(utf8, ofTarget, patch.utf8, ofPatch));
    } catch (JacksonException e) {
      throw unreadable(e);
    }
  }

  private void slice(JsonToken opening, BiConsumer<String, Json> sink) {
    try {
      if (!JsonText.slice(utf8, opening, (name, value) -> sink.accept(name, new Json(value)))) {
        throw CoordinationException.of(
            ErrorCode.INVALID_ARGUMENT,
            "not the expected JSON: must be %s",
            opening == JsonToken.START_OBJECT ? "an object" : "an array");
      }
    } catch (JacksonException e) {
      throw unreadable(e);
    }
  }

  private static CoordinationException unreadable(JacksonException e) {
    return CoordinationException.of(
            ErrorCode.INVALID_ARGUMENT, "not readable as JSON: %s", JsonText.reason(e))
        .causedBy(e);
  }

  private int firstByte() {
    for (byte b : utf8) {
      if (b > ' ') {
        return b;
      }
    }
    return -1;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Json json && Arrays.equals(utf8, json.utf8);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(utf8);
  }

  @Override
  public String toString() {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
