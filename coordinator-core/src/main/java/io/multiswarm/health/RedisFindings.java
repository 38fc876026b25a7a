package io.multiswarm.health;

import java.util.List;

/**
 * What Redis lets this node do, as far as it was tried.
 *
 * @param version of the server; {@code unknown} when it does not tell
 * @param mode {@code standalone} or {@code cluster}; {@code unknown} likewise
 * @param role {@code master} or {@code replica}; {@code unknown} likewise
 * @param user as whom the node is known there; empty when Redis does not tell
 * @param obstacles why a node cannot work here, a line each that says what to do
 * @param warnings what it does without, a line each
 */
public record RedisFindings(
    String version,
    String mode,
    String role,
    String user,
    List<String> obstacles,
    List<String> warnings) {

  public static final String UNKNOWN = "unknown";

  public RedisFindings {
    obstacles = List.copyOf(obstacles);
    warnings = List.copyOf(warnings);
  }

  /** Whether this version has what the scripts need, which is known of 7.0 and newer. */
  public boolean isTooOld() {
    return isTooOld(version);
  }

  /** A version that is no number is not known to be old. */
  public static boolean isTooOld(String version) {
    return version.matches("[0-6](\\.\\d.*)?");
  }
}
