package io.multiswarm.health;

import java.util.List;
import java.util.Map;

/**
 * What a look at Redis found.
 *
 * @param problems a readable line each; none when nothing is known that breaks a promise
 * @param warnings what could not be looked at, a line each: no answer is no good one
 */
public record InstallationReport(
    Installation installation, List<String> problems, List<String> warnings) {

  public InstallationReport {
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
  }

  /** Whether nothing that was promised is at risk. */
  public boolean isSafe() {
    return problems.isEmpty();
  }

  /**
   * What Redis is set up to do, as far as coordination depends on it.
   *
   * @param version of the server
   * @param maxMemory in bytes; 0 is no limit
   * @param policy what happens at the limit: {@code noeviction} refuses writes, every other removes
   *     keys; empty when the server does not tell
   * @param evictedKeys since the server started
   * @param persistence whether the server tells how it keeps its data
   * @param appendOnly whether acknowledged writes survive a crash of the server, as far as is known
   * @param appendFsync how soon they survive a loss of power; empty when the server does not tell
   * @param minReplicas without which it takes no writes; {@link #NOT_TOLD} when it does not tell
   */
  public record Installation(
      String version,
      long maxMemory,
      String policy,
      long evictedKeys,
      boolean persistence,
      boolean appendOnly,
      String appendFsync,
      int minReplicas) {

    static final int NOT_TOLD = -1;

    private static final String KEEPS_EVERYTHING = "noeviction";

    /**
     * From {@code INFO}, or what {@code CONFIG} gives of the same, under the same names.
     *
     * @param appendFsync as {@code CONFIG} tells it; empty when it does not
     * @param minReplicas likewise
     */
    public static Installation of(
        Map<String, String> info, String appendFsync, String minReplicas) {
      return new Installation(
          info.getOrDefault("redis_version", "unknown"),
          number(info, "maxmemory"),
          info.getOrDefault("maxmemory_policy", ""),
          number(info, "evicted_keys"),
          info.containsKey("aof_enabled"),
          number(info, "aof_enabled") == 1,
          appendFsync,
          minReplicas(info, minReplicas));
    }

    /** INFO tells of the replicas that are good for it only where there must be some. */
    private static int minReplicas(Map<String, String> info, String told) {
      if (!told.isEmpty()) {
        return (int) number(told);
      }
      if (info.containsKey("min_slaves_good_slaves")) {
        return 1;
      }
      return info.containsKey("connected_slaves") ? 0 : NOT_TOLD;
    }

    /**
     * Whether Redis may remove the leader's key, tasks and leases to make room, which it was seen
     * to do without any error.
     */
    public boolean mayEvict() {
      return maxMemory > 0 && tellsEviction() && !policy.equals(KEEPS_EVERYTHING);
    }

    /** Whether {@link #mayEvict} is known. */
    public boolean tellsEviction() {
      return !policy.isEmpty();
    }

    /** What an acknowledged write survives, in words. */
    public String durability() {
      if (!persistence) {
        return "it does not tell whether a write survives a crash";
      }
      if (!appendOnly) {
        return "no append-only file: a crash of Redis loses what was written since its last snapshot";
      }
      return switch (appendFsync) {
        case "always" -> "append-only file, synced always: survives a crash and a loss of power";
        case "no" -> "append-only file, synced by the system: survives a crash of Redis";
        default -> "append-only file: survives a crash; a loss of power costs a second or two";
      };
    }

    /** One line for the log. */
    public String describe() {
      String limit = maxMemory == 0 ? "no memory limit" : maxMemory + " bytes, " + policy;
      if (!tellsEviction()) {
        limit = "it does not tell what happens when its memory is full";
      }
      return "Redis " + version + "; " + limit + "; " + durability();
    }

    private static long number(Map<String, String> info, String name) {
      return number(info.getOrDefault(name, "0"));
    }

    private static long number(String value) {
      return value.matches("\\d{1,18}") ? Long.parseLong(value) : 0;
    }
  }
}
