package io.multiswarm.server.embedded;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server program calls itself.
 *
 * @param family {@code redis} or {@code valkey}
 */
record ProgramVersion(String family, int major, int minor, int patch) {

  private static final String VALKEY = "valkey";

  /** {@code Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 …}. */
  private static final Pattern TOLD =
      Pattern.compile("(Redis|Valkey) server v=(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4}).*");

  private static final Pattern WRITTEN =
      Pattern.compile("(redis|valkey) (\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})");

  /** From the line that {@code --version} prints; empty for another program. */
  static Optional<ProgramVersion> told(String line) {
    return of(TOLD.matcher(line));
  }

  /** From {@link #toString()}. */
  static Optional<ProgramVersion> parse(String text) {
    return of(WRITTEN.matcher(text));
  }

  private static Optional<ProgramVersion> of(Matcher matcher) {
    return matcher.matches()
        ? Optional.of(
            new ProgramVersion(
                matcher.group(1).toLowerCase(Locale.ROOT),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)),
                Integer.parseInt(matcher.group(4))))
        : Optional.empty();
  }

  /** Whether it runs our scripts. */
  boolean isNewEnough() {
    return major >= 7;
  }

  /**
   * Whether it reads what the other has written. Valkey began with what Redis 7.2 wrote; what came
   * after that in the one is foreign to the other.
   */
  boolean reads(ProgramVersion writer) {
    if (family.equals(writer.family)) {
      return number() >= writer.number();
    }
    return family.equals(VALKEY) && writer.isAtMost(7, 2);
  }

  private boolean isAtMost(int otherMajor, int otherMinor) {
    return major < otherMajor || major == otherMajor && minor <= otherMinor;
  }

  private long number() {
    return (major * 10_000L + minor) * 10_000L + patch;
  }

  @Override
  public String toString() {
    return "%s %d.%d.%d".formatted(family, major, minor, patch);
  }
}
