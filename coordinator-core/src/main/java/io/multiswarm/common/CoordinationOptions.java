package io.multiswarm.common;

import java.time.Duration;

/**
 * Every setting of coordination, checked on construction: illegal values and dangerous combinations
 * are refused with one readable line.
 *
 * @param fleet names a fleet whose keys carry the prefix <code>{fleet}:</code>; empty is the
 *     default fleet with the plain keys
 * @param maxSwarms registered swarms at most, in the whole fleet
 * @param principalSwarms of these that one principal created, at most
 * @param swarmTtl how long a swarm without a sign of life stays registered
 * @param snapshotInterval between automatic snapshots of a swarm whose state changed
 * @param maxMessageSize bytes of a stored message, and of a saved state
 * @param liveness leases and intervals
 * @param history retention of every channel
 * @param tasks limits of the task queue
 * @param states limits of what swarms save
 */
public record CoordinationOptions(
    String fleet,
    int maxSwarms,
    int principalSwarms,
    Duration swarmTtl,
    Duration snapshotInterval,
    int maxMessageSize,
    Liveness liveness,
    History history,
    Tasks tasks,
    StateLimits states) {

  public static final int DEFAULT_MAX_SWARMS = 10_000;
  public static final Duration DEFAULT_SWARM_TTL = Duration.ofHours(24);
  public static final Duration DEFAULT_SNAPSHOT_INTERVAL = Duration.ofMinutes(5);
  public static final int DEFAULT_MAX_MESSAGE_SIZE = 1 << 20;

  /** Of every time that is set: multiples of it are still numbers of nanoseconds. */
  private static final Duration LONGEST = Duration.ofDays(10 * 365);

  public CoordinationOptions {
    if (!fleet.isEmpty()) {
      Ids.check("fleet", fleet);
    }
    atLeast("maxSwarms", maxSwarms, 1);
    atLeast("principalSwarms", principalSwarms, 1);
    positive("swarmTtl", swarmTtl);
    positive("snapshotInterval", snapshotInterval);
    atLeast("maxMessageSize", maxMessageSize, 1024);
  }

  /** What an installation runs on that sets nothing. */
  public static CoordinationOptions defaults() {
    return new CoordinationOptions(
        "",
        DEFAULT_MAX_SWARMS,
        DEFAULT_MAX_SWARMS,
        DEFAULT_SWARM_TTL,
        DEFAULT_SNAPSHOT_INTERVAL,
        DEFAULT_MAX_MESSAGE_SIZE,
        Liveness.defaults(),
        History.defaults(),
        Tasks.defaults(),
        StateLimits.defaults());
  }

  public CoordinationOptions withFleet(String name) {
    return new CoordinationOptions(
        name,
        maxSwarms,
        principalSwarms,
        swarmTtl,
        snapshotInterval,
        maxMessageSize,
        liveness,
        history,
        tasks,
        states);
  }

  public CoordinationOptions withMaxSwarms(int count) {
    return with(count, principalSwarms, liveness, history, tasks, states);
  }

  public CoordinationOptions withPrincipalSwarms(int count) {
    return with(maxSwarms, count, liveness, history, tasks, states);
  }

  public CoordinationOptions withLiveness(Liveness changed) {
    return with(maxSwarms, principalSwarms, changed, history, tasks, states);
  }

  public CoordinationOptions withHistory(History changed) {
    return with(maxSwarms, principalSwarms, liveness, changed, tasks, states);
  }

  public CoordinationOptions withTasks(Tasks changed) {
    return with(maxSwarms, principalSwarms, liveness, history, changed, states);
  }

  public CoordinationOptions withStates(StateLimits changed) {
    return with(maxSwarms, principalSwarms, liveness, history, tasks, changed);
  }

  private CoordinationOptions with(
      int swarms, int ofOne, Liveness live, History kept, Tasks queue, StateLimits saved) {
    return new CoordinationOptions(
        fleet, swarms, ofOne, swarmTtl, snapshotInterval, maxMessageSize, live, kept, queue, saved);
  }

  /**
   * Who is alive, and how soon that is known.
   *
   * @param heartbeatInterval between heartbeats of the swarms of a node
   * @param leaderLease how long leadership lasts without renewal
   * @param electionInterval between campaigns of a follower and renewals of a leader
   * @param nodeLease how long a node counts as alive without renewal; renewed each third of it
   * @param sessionGrace between the loss of a swarm's owner and its interruption
   */
  public record Liveness(
      Duration heartbeatInterval,
      Duration leaderLease,
      Duration electionInterval,
      Duration nodeLease,
      Duration sessionGrace) {

    /** A lease that allows for fewer renewals is lost to a single hiccup. */
    public static final int RENEWALS_PER_LEASE = 3;

    /** A renewal must have time for a command that times out and its repetition. */
    private static final Duration MIN_RENEWAL = Duration.ofMillis(250);

    public Liveness {
      positive("heartbeatInterval", heartbeatInterval);
      positive("leaderLease", leaderLease);
      positive("electionInterval", electionInterval);
      positive("nodeLease", nodeLease);
      if (sessionGrace.isNegative()) {
        throw CoordinationException.invalid("sessionGrace", "must not be negative");
      }
      if (leaderLease.compareTo(electionInterval.multipliedBy(RENEWALS_PER_LEASE)) < 0) {
        throw CoordinationException.of(
            ErrorCode.INVALID_ARGUMENT,
            "leaderLease (%d ms) must be at least %d x electionInterval (%d ms), which is also the"
                + " interval of renewal; raise the lease or shorten the interval",
            leaderLease.toMillis(),
            RENEWALS_PER_LEASE,
            electionInterval.toMillis());
      }
      renewable("electionInterval", electionInterval);
      renewable("a third of nodeLease", nodeLease.dividedBy(RENEWALS_PER_LEASE));
    }

    /** Those of an installation that sets nothing. */
    public static Liveness defaults() {
      return new Liveness(
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(6),
          Duration.ofSeconds(10));
    }

    /** How often a node renews its lease. */
    public Duration nodeBeat() {
      return nodeLease.dividedBy(RENEWALS_PER_LEASE);
    }

    /** Of the leader's and the node's lease, whichever is renewed more often. */
    public Duration shortestRenewal() {
      return nodeBeat().compareTo(electionInterval) < 0 ? nodeBeat() : electionInterval;
    }

    private static void renewable(String name, Duration interval) {
      if (interval.compareTo(MIN_RENEWAL) < 0) {
        throw CoordinationException.of(
            ErrorCode.INVALID_ARGUMENT,
            "%s (%d ms) must be at least %d ms, so that a timed-out renewal can be repeated",
            name,
            interval.toMillis(),
            MIN_RENEWAL.toMillis());
      }
    }
  }

  /**
   * Retention of channels: the oldest messages of one go when any of the first three is exceeded.
   *
   * @param maxMessages kept at least, unless they exceed {@code maxBytes}
   * @param maxAge of a message
   * @param maxBytes that Redis may take for the messages of one channel
   * @param totalBytes that it may take for those of all channels; the largest histories are cut
   */
  public record History(int maxMessages, Duration maxAge, long maxBytes, long totalBytes) {

    private static final long TOTAL_BYTES = 128L << 20;

    public History {
      atLeast("history.maxMessages", maxMessages, 1);
      positive("history.maxAge", maxAge);
      atLeast("history.maxBytes", maxBytes, 1024);
      atLeast("history.totalBytes", totalBytes, 1024);
    }

    /** With the bytes of all channels of the defaults. */
    public History(int maxMessages, Duration maxAge, long maxBytes) {
      this(maxMessages, maxAge, maxBytes, TOTAL_BYTES);
    }

    /** Those of an installation that sets nothing. */
    public static History defaults() {
      return new History(1_000, Duration.ofHours(1), 4L << 20);
    }
  }

  /**
   * The task queue.
   *
   * @param queueLimit pending tasks at most; one more is refused
   * @param endedRetention how long completed and cancelled tasks can be read
   * @param deadRetention how long dead tasks can be read and revived
   * @param queueBytes what tasks that have not ended may take of Redis, about; one more is refused
   * @param retentionBytes what ended tasks may take of it, about; the oldest go before their time
   * @param principalLimit pending tasks of one principal at most; one more is refused
   */
  public record Tasks(
      int queueLimit,
      Duration endedRetention,
      Duration deadRetention,
      long queueBytes,
      long retentionBytes,
      int principalLimit) {

    private static final long BYTES = 256L << 20;
    private static final long LEAST_BYTES = 2L << 20;
    private static final int PRINCIPAL_LIMIT = 50_000;

    public Tasks {
      atLeast("tasks.queueLimit", queueLimit, 1);
      atLeast("tasks.queueBytes", queueBytes, LEAST_BYTES);
      atLeast("tasks.retentionBytes", retentionBytes, LEAST_BYTES);
      positive("tasks.endedRetention", endedRetention);
      positive("tasks.deadRetention", deadRetention);
      atLeast("tasks.principalLimit", principalLimit, 1);
    }

    /** With the bytes and the principal's limit of the defaults. */
    public Tasks(int queueLimit, Duration endedRetention, Duration deadRetention) {
      this(queueLimit, endedRetention, deadRetention, BYTES, BYTES, PRINCIPAL_LIMIT);
    }

    public Tasks withBytes(long forQueue, long forRetention) {
      return new Tasks(
          queueLimit, endedRetention, deadRetention, forQueue, forRetention, principalLimit);
    }

    public Tasks withPrincipalLimit(int count) {
      return new Tasks(
          queueLimit, endedRetention, deadRetention, queueBytes, retentionBytes, count);
    }

    /** Those of an installation that sets nothing. */
    public static Tasks defaults() {
      return new Tasks(100_000, Duration.ofHours(24), Duration.ofDays(7));
    }
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw CoordinationException.invalid(name, "must be longer than zero, is %d ms", value);
    }
    if (value.compareTo(LONGEST) > 0) {
      throw CoordinationException.invalid(name, "must be at most %d ms, is %d", LONGEST, value);
    }
  }

  static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw CoordinationException.invalid(name, "must be at least %d, is %d", least, value);
    }
  }
}
