package io.multiswarm.internal.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.netty.channel.ChannelException;
import io.netty.handler.codec.CodecException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What a failed command means: the one place where errors of Redis and of the connection are
 * classified. Each has its cure, the code that callers see, and one advice; {@code %s} are the
 * words of Redis, and further ones who met whom in a {@link RedisHandshake}.
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
  /** Redis has it and its replicas, for all that is known, have not. */
  NOT_REPLICATED(
      Cure.NONE,
      ErrorCode.UNAVAILABLE,
      "Redis has done it, but %s: a failover may undo it; the outcome is unknown, try again"),
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
      Cure.ANOTHER_OWNER,
      ErrorCode.UNAVAILABLE,
      "the cluster of Redis does not serve these keys at the moment (%s); see CLUSTER INFO"),
  MOVED(
      Cure.ANOTHER_OWNER,
      ErrorCode.UNAVAILABLE,
      "another node of the cluster of Redis has these keys (%s); its owner is looked for, try again"),
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
      "%2$s refuses %3$s (%1$s); check the user and the password"),
  PERMISSION(
      Cure.CONFIGURATION,
      ErrorCode.UNAVAILABLE,
      "%2$s refuses %3$s (%1$s); check the permissions that its user is given (ACL)"),
  PROTECTED(
      Cure.CONFIGURATION,
      ErrorCode.UNAVAILABLE,
      "%2$s refuses %3$s (%1$s); give Redis a password, or let it listen to this host"),

  DATABASE(
      Cure.CONFIGURATION,
      ErrorCode.UNAVAILABLE,
      "%2$s has no database %4$s (%1$s); give another one, in a cluster none"),
  TOO_OLD(
      Cure.CONFIGURATION,
      ErrorCode.UNAVAILABLE,
      "this Redis does not understand our scripts (%s); Redis 7.0 or newer, or Valkey, is needed"),
  MISSING(
      Cure.NONE,
      ErrorCode.UNAVAILABLE,
      "this Redis lacks a command (%s); see that it was not renamed or disabled, and is 7.0 or newer"),
  WRONG_TYPE(
      Cure.NONE,
      ErrorCode.FAILED_PRECONDITION,
      "somebody else wrote to a key of the coordinator (%s); give the fleet a name or a Redis of its own"),
  /** Redis's own words, and not about how we asked: of a server that we do not know. */
  REFUSED(Cure.NONE, ErrorCode.UNAVAILABLE, "Redis refuses a command (%s)"),

  /** Not a failure that is known: a refusal of ours, or a defect. */
  OTHER(Cure.NONE, ErrorCode.INTERNAL, "%s");

  /** What is to be done before the caller is told. */
  private enum Cure {
    NONE,
    REPEAT,
    TEXT,
    ANOTHER_MASTER,
    /** Nothing was done: ask the cluster who has the slot, then the same call. */
    ANOTHER_OWNER,
    CONFIGURATION
  }

  private static final Duration RETRY_AFTER = Duration.ofMillis(500);

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
    if (error instanceof Commits.UnconfirmedException) {
      return NOT_REPLICATED;
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
      return RedisWords.ofADefect(words(error)) ? OTHER : REFUSED;
    }
    return isOfTheConnection(error) ? BROKEN : OTHER;
  }

  /**
   * What Lettuce gives a command whose connection ends under it: an error of its own, what Netty
   * met while it read, wrote or closed, or no more than that it was cancelled.
   */
  private static boolean isOfTheConnection(Throwable error) {
    return error instanceof RedisException
        || error instanceof IOException
        || error instanceof CodecException
        || error instanceof ChannelException
        || error instanceof CancellationException;
  }

  /** The error, or what lies below it, that tells Redis's own words; null when none does. */
  private static @Nullable Throwable reply(Throwable error) {
    Throwable found = null;
    for (Throwable t : Causes.of(error)) {
      if (t instanceof RedisException && byText(words(t)) != OTHER) {
        found = t;
      }
    }
    return found;
  }

  static RedisFailure byText(String message) {
    return RedisWords.failure(message);
  }

  /** The error in which Redis speaks; null when it is not Redis that does. */
  static @Nullable Throwable told(Throwable thrown) {
    Throwable error = unwrap(thrown);
    Throwable found = reply(error);
    return found == null && error instanceof RedisCommandExecutionException ? error : found;
  }

  /** Whether Redis says that this node may not do something, or that there is no such thing. */
  static boolean isDenied(Throwable error) {
    RedisFailure failure = of(error instanceof CoordinationException ? cause(error) : error);
    return failure == PERMISSION || failure == MISSING || failure == REFUSED;
  }

  private static Throwable cause(Throwable error) {
    Throwable cause = error.getCause();
    return cause == null ? error : cause;
  }

  /** Whether the same call may be sent again as it is, its outcome being unknown or nothing. */
  boolean repeatable() {
    return cure == Cure.REPEAT || cure == Cure.ANOTHER_MASTER || wantsAnotherOwner();
  }

  /** Whether the master is to be resolved again. */
  boolean wantsAnotherMaster() {
    return cure == Cure.ANOTHER_MASTER;
  }

  /** Whether an operator is to hear of it: it is neither an outage nor a matter of ours. */
  boolean isRefusal() {
    return switch (this) {
      case BROKEN, TIMEOUT, OVERLOAD, FORGOTTEN, OTHER -> false;
      default -> true;
    };
  }

  /** Whether a cluster is to be asked who has the fleet's slot. */
  boolean wantsAnotherOwner() {
    return cure == Cure.ANOTHER_OWNER;
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
    RedisHandshake handshake = RedisHandshake.of(thrown);
    CoordinationException refusal =
        CoordinationException.of(
            failure.code,
            failure.advice,
            told == null ? ConnectionTrouble.reason(error) : words(told),
            handshake.server(),
            handshake.user(),
            handshake.database());
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

  static String words(Throwable error) {
    String message = error.getMessage();
    return message == null
        ? error.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }
}
