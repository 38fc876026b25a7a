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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a failed command means: the one place where errors of Redis and of the connection are
 * classified. Each has its cure, the code that callers see, and one advice; {@code %s} are the
 * words of Redis.
 */
enum RedisFailure {
  /** The connection broke: the same call again. */
  BROKEN(
      Cure.REPEAT,
      ErrorCode.UNAVAILABLE,
      "Redis does not answer (%s); the outcome is unknown, try again"),
  /** No answer in time. The command may have run, or may still run. */
  TIMEOUT(
      Cure.NONE,
      ErrorCode.UNAVAILABLE,
      "Redis does not answer (%s); the outcome is unknown, try again"),
  /** More is under way than is allowed; nothing was sent. */
  OVERLOAD(Cure.NONE, ErrorCode.RESOURCE_EXHAUSTED, "%s"),
  /** Redis forgot the script and did nothing: the same call again, with the text. */
  FORGOTTEN(Cure.TEXT, ErrorCode.UNAVAILABLE, "Redis forgot a script (%s); try again"),

  LOADING(
      Cure.REPEAT, ErrorCode.UNAVAILABLE, "Redis is loading its data (%s); try again when it has"),
  BUSY(
      Cure.REPEAT,
      ErrorCode.UNAVAILABLE,
      "Redis is busy with a script (%s); if it stays so, look for who runs it, and use SCRIPT KILL"),
  CLUSTER_DOWN(
      Cure.REPEAT,
      ErrorCode.UNAVAILABLE,
      "the cluster of Redis does not serve these keys at the moment (%s); see CLUSTER INFO"),
  MOVED(
      Cure.NONE,
      ErrorCode.UNAVAILABLE,
      "this node of the cluster of Redis does not have these keys (%s); give the address of the one that has them"),
  CROSS_SLOT(
      Cure.NONE,
      ErrorCode.UNAVAILABLE,
      "a cluster of Redis keeps a fleet's keys together only if the fleet has a name (%s); name it"),

  /** This server is no longer the master: resolve it again, then the same call. */
  READ_ONLY(
      Cure.ANOTHER_MASTER,
      ErrorCode.UNAVAILABLE,
      "this Redis is a replica (%s); give the master's address, or Sentinel's"),
  MASTER_DOWN(
      Cure.ANOTHER_MASTER,
      ErrorCode.UNAVAILABLE,
      "this Redis is a replica without its master (%s); give the master's address, or Sentinel's"),
  NO_REPLICAS(
      Cure.ANOTHER_MASTER,
      ErrorCode.UNAVAILABLE,
      "Redis takes no writes without its replicas (%s); see that they run, or change min-replicas-to-write"),

  OUT_OF_MEMORY(
      Cure.NONE,
      ErrorCode.RESOURCE_EXHAUSTED,
      "Redis refuses writes that need memory (%s); raise maxmemory or remove data"),
  DISK(
      Cure.NONE,
      ErrorCode.UNAVAILABLE,
      "Redis takes no writes because it cannot save them (%s); see that its disk is not full and that it may write there"),
  CLIENTS(
      Cure.REPEAT,
      ErrorCode.UNAVAILABLE,
      "Redis has too many clients (%s); raise maxclients or end some"),

  PASSWORD(
      Cure.CONFIGURATION,
      ErrorCode.UNAVAILABLE,
      "Redis refuses this node (%s); check the user and the password"),
  PERMISSION(
      Cure.CONFIGURATION,
      ErrorCode.UNAVAILABLE,
      "Redis refuses this node (%s); check the permissions that its user is given (ACL)"),
  PROTECTED(
      Cure.CONFIGURATION,
      ErrorCode.UNAVAILABLE,
      "Redis refuses this node (%s); give Redis a password, or let it listen to this host"),

  /** Not a failure that is known: a refusal of ours, or a defect. */
  OTHER(Cure.NONE, ErrorCode.INTERNAL, "%s");

  /** What is to be done before the caller is told. */
  private enum Cure {
    NONE,
    REPEAT,
    TEXT,
    ANOTHER_MASTER,
    CONFIGURATION
  }

  private static final Duration RETRY_AFTER = Duration.ofMillis(500);

  /** Redis before 7 puts the error of a script's command inside one of its own. */
  private static final Pattern INSIDE_A_SCRIPT =
      Pattern.compile("(?:: |@user_script:\\d+: )-([A-Z]+) ");

  private final Cure cure;
  private final ErrorCode code;
  private final String advice;

  RedisFailure(Cure cure, ErrorCode code, String advice) {
    this.cure = cure;
    this.code = code;
    this.advice = advice;
  }

  static RedisFailure of(Throwable thrown) {
    Throwable error = unwrap(thrown);
    if (error instanceof CommandsInFlight.OverloadException) {
      return OVERLOAD;
    }
    if (error instanceof CoordinationException) {
      return OTHER;
    }
    if (error instanceof CommandsInFlight.StalledException
        || error instanceof RedisCommandTimeoutException) {
      return TIMEOUT;
    }
    Throwable told = reply(error);
    if (told != null) {
      return byText(words(told));
    }
    if (error instanceof RedisCommandExecutionException) {
      return OTHER;
    }
    return error instanceof RedisException || error instanceof IOException ? BROKEN : OTHER;
  }

  /** The error, or what lies below it, that tells Redis's own words; null when none does. */
  private static @Nullable Throwable reply(Throwable error) {
    Throwable found = null;
    for (Throwable t = error; t != null; t = t.getCause()) {
      if (t instanceof RedisException && byText(words(t)) != OTHER) {
        found = t;
      }
    }
    return found;
  }

  static RedisFailure byText(String message) {
    Matcher inside = INSIDE_A_SCRIPT.matcher(message);
    int end = message.indexOf(' ');
    String first = end < 0 ? message : message.substring(0, end);
    return switch (inside.find() ? inside.group(1) : first) {
      case "LOADING" -> LOADING;
      case "BUSY" -> BUSY;
      case "TRYAGAIN", "CLUSTERDOWN" -> CLUSTER_DOWN;
      case "MOVED", "ASK" -> MOVED;
      case "CROSSSLOT" -> CROSS_SLOT;
      case "NOSCRIPT" -> FORGOTTEN;
      case "READONLY", "UNBLOCKED" -> READ_ONLY;
      case "MASTERDOWN" -> MASTER_DOWN;
      case "NOREPLICAS" -> NO_REPLICAS;
      case "OOM" -> OUT_OF_MEMORY;
      case "MISCONF" -> DISK;
      case "NOAUTH", "WRONGPASS" -> PASSWORD;
      case "NOPERM" -> PERMISSION;
      case "DENIED" -> PROTECTED;
      default -> byPhrase(message);
    };
  }

  private static RedisFailure byPhrase(String message) {
    if (message.startsWith("ERR max number of clients reached")) {
      return CLIENTS;
    }
    if (message.startsWith("ERR invalid password")
        || message.startsWith("ERR AUTH <password> called without any password configured")) {
      return PASSWORD;
    }
    return message.contains("OOM command not allowed") ? OUT_OF_MEMORY : OTHER;
  }

  /** Whether the same call may be sent again as it is, its outcome being unknown or nothing. */
  boolean repeatable() {
    return cure == Cure.REPEAT || cure == Cure.ANOTHER_MASTER;
  }

  /** Whether the master is to be resolved again. */
  boolean wantsAnotherMaster() {
    return cure == Cure.ANOTHER_MASTER;
  }

  /** Whether no repetition helps until somebody changes a configuration. */
  boolean isConfiguration() {
    return cure == Cure.CONFIGURATION;
  }

  /** The error that callers see; refusals of ours pass through. */
  static Throwable translate(Object call, Throwable thrown) {
    Throwable error = unwrap(thrown);
    RedisFailure failure = of(error);
    if (failure == OTHER) {
      return error instanceof CoordinationException
          ? error
          : CoordinationException.of(
                  ErrorCode.INTERNAL, "%s failed in Redis: %s", call, words(error))
              .causedBy(error);
    }
    Throwable told = reply(error);
    CoordinationException refusal =
        CoordinationException.of(failure.code, failure.advice, words(told == null ? error : told));
    return (failure.isConfiguration() ? refusal : refusal.retryAfter(RETRY_AFTER)).causedBy(error);
  }

  private static Throwable unwrap(Throwable thrown) {
    boolean wrapper =
        thrown instanceof CompletionException
            || thrown instanceof RedisConnectionException
                && thrown.getCause() instanceof RedisException;
    Throwable cause = thrown.getCause();
    return wrapper && cause != null ? unwrap(cause) : thrown;
  }

  private static String words(Throwable error) {
    String message = error.getMessage();
    return message == null
        ? error.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }
}
