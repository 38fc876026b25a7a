package io.multiswarm.common;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one exception of the library: a {@linkplain #code() code}, a message that names the thing and
 * says what to do, and optional {@linkplain #details() details} for programs.
 *
 * <p>Carries no stack trace unless the code is {@link ErrorCode#INTERNAL}: a refusal is an answer,
 * and answers are frequent.
 */
public final class CoordinationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final transient Map<String, Object> details;
  private final @Nullable Duration retryAfter;

  /** Without details. */
  public CoordinationException(ErrorCode code, String message) {
    this(code, message, Map.of(), null, null);
  }

  private CoordinationException(
      ErrorCode code,
      String message,
      Map<String, Object> details,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(message, cause, false, code == ErrorCode.INTERNAL);
    this.code = code;
    this.details = Map.copyOf(details);
    this.retryAfter = retryAfter;
  }

  /** {@code CoordinationException.of(NOT_FOUND, "swarm: %s is not registered", id)}. */
  public static CoordinationException of(ErrorCode code, String format, @Nullable Object... args) {
    return new CoordinationException(code, args.length == 0 ? format : String.format(format, args));
  }

  /**
   * A refusal of a parameter, which the message and the details name: {@code
   * invalid("task.priority", "\"%s\" is none of high, normal, low", word)}.
   *
   * @param param path of the parameter, as a client wrote it
   * @param format says what would be accepted
   * @param args a {@link Duration} is told by its number of ms
   */
  public static CoordinationException invalid(
      String param, String format, @Nullable Object... args) {
    Object[] told = Arrays.stream(args).map(CoordinationException::told).toArray();
    String message = param + ": " + String.format(format, told);
    return new CoordinationException(
        ErrorCode.INVALID_ARGUMENT, message, Map.of("param", param), null, null);
  }

  private static @Nullable Object told(@Nullable Object arg) {
    if (arg instanceof Duration duration) {
      boolean isCountable = duration.abs().compareTo(Duration.ofMillis(Long.MAX_VALUE)) <= 0;
      return isCountable ? duration.toMillis() : Long.MAX_VALUE;
    }
    return arg;
  }

  /** The same with one more of {@link #details}. */
  public CoordinationException with(String key, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(details);
    more.put(key, value);
    return new CoordinationException(code, message(), more, retryAfter, getCause());
  }

  /** The same, saying when to try again. */
  public CoordinationException retryAfter(Duration delay) {
    return new CoordinationException(code, message(), details, delay, getCause());
  }

  /** The same with a cause, for logs. */
  public CoordinationException causedBy(Throwable cause) {
    return new CoordinationException(code, message(), details, retryAfter, cause);
  }

  /** What went wrong, for programs. */
  public ErrorCode code() {
    return code;
  }

  /** Never null: the constructors demand one. */
  public String message() {
    String message = getMessage();
    return message == null ? code.name() : message;
  }

  /** Machine-readable facts, such as the current {@code version} of a {@code CONFLICT}. */
  public Map<String, Object> details() {
    return details;
  }

  /** When to try again, for the retryable codes that know; null otherwise. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** Whether it has that code. */
  public boolean is(ErrorCode other) {
    return code == other;
  }

  @Override
  public String toString() {
    return "CoordinationException: " + code + ": " + message();
  }

  /** Whether {@code error} is a refusal of the given code. */
  public static boolean is(Throwable error, ErrorCode code) {
    return error instanceof CoordinationException e && e.code == code;
  }
}
