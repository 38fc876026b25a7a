package io.multiswarm.tasks;

import io.multiswarm.common.Capabilities;
import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.common.Priority;
import io.multiswarm.common.Texts;
import io.multiswarm.common.Traceparent;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task as it is submitted. Made by {@link #of} or {@link #builder}.
 *
 * @param id unique in the fleet; null lets the queue choose one
 * @param description what is to be done
 * @param type the application's own word
 * @param capabilities that a swarm must have to be given it, under every strategy
 * @param estimatedEffort the application's own words
 * @param data the application's own
 * @param maxAttempts failures, expired leases and deaths after which it is dead, 1 to 1000
 * @param lease how long an assignment lasts without renewal
 * @param delay before it may be assigned for the first time
 * @param strategy by name; null follows the fleet's
 * @param dedupeKey while a task of this key is known, the key means that task
 * @param principal who submits it, as whoever submits for others has proven; null when nobody did
 * @param traceparent of the trace that it belongs to, by W3C's Trace Context; what is none is null
 */
public record NewTask(
    @Nullable String id,
    String description,
    @Nullable String type,
    Priority priority,
    List<String> capabilities,
    @Nullable String estimatedEffort,
    @Nullable Json data,
    int maxAttempts,
    Duration lease,
    Duration delay,
    @Nullable String strategy,
    @Nullable String dedupeKey,
    @Nullable String principal,
    @Nullable String traceparent) {

  public static final int DEFAULT_MAX_ATTEMPTS = 3;
  public static final Duration DEFAULT_LEASE = Duration.ofSeconds(30);

  private static final int MOST_ATTEMPTS = 1_000;
  private static final Duration LONGEST_LEASE = Duration.ofDays(1);
  private static final Duration LONGEST_DELAY = Duration.ofDays(365);
  private static final int LONGEST_KEY = 512;

  public NewTask {
    if (id != null) {
      Ids.check("task.id", id);
    }
    if (description.isEmpty()) {
      throw CoordinationException.invalid("task.description", "must not be empty");
    }
    if (maxAttempts < 1 || maxAttempts > MOST_ATTEMPTS) {
      throw CoordinationException.invalid(
          "task.maxAttempts", "must be 1 to %d, is %d", MOST_ATTEMPTS, maxAttempts);
    }
    within("task.timeoutMs", lease, Duration.ofMillis(1), LONGEST_LEASE);
    within("task.delayMs", delay, Duration.ZERO, LONGEST_DELAY);
    if (strategy != null) {
      Ids.check("task.strategy", strategy);
    }
    if (dedupeKey != null) {
      Texts.checkWord("task.dedupeKey", dedupeKey, LONGEST_KEY);
    }
    Texts.checkWhole("task.description", description);
    Texts.checkOptional("task.type", type);
    Texts.checkOptional("task.estimatedEffort", estimatedEffort);
    traceparent = Traceparent.orNull(traceparent);
    capabilities = Capabilities.check("task.capabilities", capabilities);
  }

  /** A task of defaults. */
  public static NewTask of(String description) {
    return builder(description).build();
  }

  /** Reads the task object of the wire protocol: strict on types, lenient on unknown members. */
  public static NewTask read(Json json) {
    return TaskSpec.read(json);
  }

  /** The same task, submitted by that principal. */
  public NewTask by(@Nullable String who) {
    return with(id, who, traceparent);
  }

  /** The same task, in that trace and under that id. */
  public NewTask in(@Nullable String trace, @Nullable String itsId) {
    return with(itsId, principal, trace);
  }

  private NewTask with(@Nullable String itsId, @Nullable String who, @Nullable String trace) {
    return new NewTask(
        itsId,
        description,
        type,
        priority,
        capabilities,
        estimatedEffort,
        data,
        maxAttempts,
        lease,
        delay,
        strategy,
        dedupeKey,
        who,
        trace);
  }

  /** Begins a task with its description. */
  public static Builder builder(String description) {
    return new Builder(description);
  }

  private static void within(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw CoordinationException.invalid(name, "must be %d to %d ms, is %d", least, most, value);
    }
  }

  /** Collects what differs from the defaults; {@link #build} checks it. */
  public static final class Builder {
    private final String description;
    private @Nullable String id;
    private @Nullable String type;
    private Priority priority = Priority.NORMAL;
    private List<String> capabilities = List.of();
    private @Nullable String estimatedEffort;
    private @Nullable Json data;
    private int maxAttempts = DEFAULT_MAX_ATTEMPTS;
    private Duration lease = DEFAULT_LEASE;
    private Duration delay = Duration.ZERO;
    private @Nullable String strategy;
    private @Nullable String dedupeKey;
    private @Nullable String traceparent;

    private Builder(String description) {
      this.description = description;
    }

    /** Its id; one is made when not given. */
    public Builder id(@Nullable String value) {
      id = value;
      return this;
    }

    /** A word for filters and statistics. */
    public Builder type(@Nullable String value) {
      type = value;
      return this;
    }

    /** Which tasks go before others. */
    public Builder priority(Priority value) {
      priority = value;
      return this;
    }

    /** What a swarm must be able to do to be given it. */
    public Builder capabilities(List<String> value) {
      capabilities = value;
      return this;
    }

    /** The application's own words on how much work it is. */
    public Builder estimatedEffort(@Nullable String value) {
      estimatedEffort = value;
      return this;
    }

    /** For the worker; any JSON. */
    public Builder data(@Nullable Json value) {
      data = value;
      return this;
    }

    /** How often it is tried before it is dead. */
    public Builder maxAttempts(int value) {
      maxAttempts = value;
      return this;
    }

    /** How long a worker may be silent. */
    public Builder lease(Duration value) {
      lease = value;
      return this;
    }

    /** How long it waits before it may be assigned. */
    public Builder delay(Duration value) {
      delay = value;
      return this;
    }

    /** Which strategy chooses the swarm. */
    public Builder strategy(@Nullable String value) {
      strategy = value;
      return this;
    }

    /** A second task with the same key is the first. */
    public Builder dedupeKey(@Nullable String value) {
      dedupeKey = value;
      return this;
    }

    /** The trace that it belongs to; that of the submission, where this node is observed. */
    public Builder traceparent(@Nullable String value) {
      traceparent = value;
      return this;
    }

    /** The task; refuses with {@code INVALID_ARGUMENT} what no task may be. */
    public NewTask build() {
      return new NewTask(
          id,
          description,
          type,
          priority,
          capabilities,
          estimatedEffort,
          data,
          maxAttempts,
          lease,
          delay,
          strategy,
          dedupeKey,
          null,
          traceparent);
    }
  }
}
