package io.multiswarm.internal.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/**
 * What a failed command means: the one place where errors of Redis and of the connection are
 * classified.
 */
enum RedisFailure {
  /** Redis is busy or still loading, or the connection broke: the same call again. */
  TRANSIENT,
  /** Redis forgot the script and did nothing: the same call again, with the text. */
  FORGOTTEN,
  /** No answer in time. The command may have run, or may still run. */
  TIMEOUT,
  /** This server is no longer the master: resolve it again, then the same call. */
  NOT_MASTER,
  /** Redis has no memory for writes that grow. */
  OUT_OF_MEMORY,
  /** Wrong password, missing permission: no repetition helps. */
  CONFIGURATION,
  /** Not a failure of Redis: a refusal of ours, or a defect. */
  OTHER;

  private static final Duration RETRY_AFTER = Duration.ofMillis(500);

  static RedisFailure of(Throwable thrown) {
    Throwable error = unwrap(thrown);
    if (error instanceof CoordinationException) {
      return OTHER;
    }
    if (error instanceof CommandsInFlight.StalledException
        || error instanceof RedisCommandTimeoutException) {
      return TIMEOUT;
    }
    RedisFailure byReply = byReply(error);
    if (byReply != OTHER) {
      return byReply;
    }
    if (error instanceof RedisCommandExecutionException) {
      return OTHER;
    }
    return error instanceof RedisException || error instanceof IOException ? TRANSIENT : OTHER;
  }

  private static RedisFailure byReply(Throwable error) {
    for (Throwable t = error; t != null; t = t.getCause()) {
      String message = t.getMessage();
      if (message != null && t instanceof RedisException) {
        RedisFailure failure = byText(message);
        if (failure != OTHER) {
          return failure;
        }
      }
    }
    return OTHER;
  }

  static RedisFailure byText(String message) {
    // An error inside a script reads "ERR ... script: <sha>, on @user_script:12. -READONLY You ..."
    String text = message.contains("READONLY ") ? "READONLY" : message;
    int end = text.indexOf(' ');
    return switch (end < 0 ? text : text.substring(0, end)) {
      case "LOADING", "BUSY", "TRYAGAIN", "CLUSTERDOWN" -> TRANSIENT;
      case "NOSCRIPT" -> FORGOTTEN;
      case "READONLY", "MASTERDOWN", "NOREPLICAS", "UNBLOCKED" -> NOT_MASTER;
      case "OOM", "MISCONF" -> OUT_OF_MEMORY;
      case "NOAUTH", "WRONGPASS", "NOPERM" -> CONFIGURATION;
      default -> text.contains("OOM command not allowed") ? OUT_OF_MEMORY : OTHER;
    };
  }

  /** Whether the same call may be sent again as it is, its outcome being unknown or nothing. */
  boolean repeatable() {
    return this == TRANSIENT || this == NOT_MASTER;
  }

  /** The error that callers see; refusals of ours pass through. */
  static Throwable translate(Object call, Throwable thrown) {
    Throwable error = unwrap(thrown);
    return switch (of(error)) {
      case TRANSIENT, FORGOTTEN, NOT_MASTER, TIMEOUT -> unavailable(error);
      case CONFIGURATION -> refused(error);
      case OUT_OF_MEMORY ->
          CoordinationException.of(
                  ErrorCode.RESOURCE_EXHAUSTED,
                  "Redis refuses writes that need memory (%s); raise maxmemory or remove data",
                  firstLine(error))
              .retryAfter(RETRY_AFTER)
              .causedBy(error);
      case OTHER ->
          error instanceof CoordinationException
              ? error
              : CoordinationException.of(
                      ErrorCode.INTERNAL, "%s failed in Redis: %s", call, firstLine(error))
                  .causedBy(error);
    };
  }

  private static CoordinationException unavailable(Throwable error) {
    return CoordinationException.of(
            ErrorCode.UNAVAILABLE,
            "Redis does not answer (%s); the outcome is unknown, try again",
            firstLine(error))
        .retryAfter(RETRY_AFTER)
        .causedBy(error);
  }

  private static CoordinationException refused(Throwable error) {
    // Redis's own words lie somewhere below what says that there is no connection.
    Throwable reply = error;
    for (Throwable t = error; t != null; t = t.getCause()) {
      reply = byText(firstLine(t)) == CONFIGURATION ? t : reply;
    }
    return CoordinationException.of(
            ErrorCode.UNAVAILABLE,
            "Redis refuses this node (%s); check the user, the password and the permissions it is given",
            firstLine(reply))
        .causedBy(error);
  }

  private static Throwable unwrap(Throwable thrown) {
    boolean wrapper =
        thrown instanceof CompletionException
            || thrown instanceof RedisConnectionException
                && thrown.getCause() instanceof RedisException;
    Throwable cause = thrown.getCause();
    return wrapper && cause != null ? unwrap(cause) : thrown;
  }

  private static String firstLine(Throwable error) {
    String message = error.getMessage();
    return message == null
        ? error.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }
}
