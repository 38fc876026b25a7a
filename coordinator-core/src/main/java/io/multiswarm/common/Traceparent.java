package io.multiswarm.common;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code traceparent} of W3C's Trace Context, by which a trace goes from one to the
 * next.
 */
public final class Traceparent {

  /** Its name, in metadata as in headers. */
  public static final String NAME = "traceparent";

  private static final Pattern FORM =
      Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  private Traceparent() {}

  /** The text if it is one, else null: what is malformed is passed over, as the standard says. */
  public static @Nullable String orNull(@Nullable String text) {
    return text != null && FORM.matcher(text).matches() ? text : null;
  }

  /** That of an object of metadata, whoever wrote it; null when there is none. */
  public static @Nullable String of(@Nullable Json metadata) {
    if (metadata == null || !metadata.isObject()) {
      return null;
    }
    Json value = metadata.members().getOrDefault(NAME, Json.NULL);
    return value.isString() ? orNull(value.text()) : null;
  }

  /**
   * That of an object of metadata that a client gave.
   *
   * @param name of the metadata, for a refusal when it is no object or has no text there
   */
  public static @Nullable String given(String name, @Nullable Json metadata) {
    if (metadata == null || metadata.isNull()) {
      return null;
    }
    if (!metadata.isObject()) {
      throw CoordinationException.invalid(name, "must be an object");
    }
    Json value = metadata.members().getOrDefault(NAME, Json.NULL);
    if (!value.isNull() && !value.isString()) {
      throw CoordinationException.invalid(name + '.' + NAME, "must be a string");
    }
    return of(metadata);
  }

  /** Metadata with it, as JSON text. */
  public static String metadata(@Nullable String traceparent) {
    return traceparent == null ? "{}" : "{\"" + NAME + "\":\"" + traceparent + "\"}";
  }
}
