package io.multiswarm.server.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and writes durations as settings have them: {@code 500ms}, {@code 30s}, {@code 5m}, {@code
 * 1h}, {@code 1d}, or a plain number.
 */
public final class Durations {

  private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d|)");

  private static final Duration LONGEST = Duration.ofDays(36_500);

  private record Unit(String suffix, ChronoUnit unit) {}

  private static final List<Unit> LARGEST_FIRST =
      List.of(
          new Unit("d", ChronoUnit.DAYS),
          new Unit("h", ChronoUnit.HOURS),
          new Unit("m", ChronoUnit.MINUTES),
          new Unit("s", ChronoUnit.SECONDS),
          new Unit("ms", ChronoUnit.MILLIS));

  private Durations() {}

  /**
   * Returns the duration, empty when the text is none. What is longer than a hundred years is a
   * hundred years: no clock and no sum overflows by it.
   */
  public static Optional<Duration> parse(String text, ChronoUnit plainUnit) {
    Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Duration given =
        Duration.of(Long.parseLong(matcher.group(1)), unit(matcher.group(2), plainUnit));
    return Optional.of(given.compareTo(LONGEST) > 0 ? LONGEST : given);
  }

  /** Writes the duration in the largest unit that needs no fraction. */
  static String format(Duration duration) {
    long millis = duration.toMillis();
    return LARGEST_FIRST.stream()
        .filter(unit -> millis != 0 && millis % unit.unit().getDuration().toMillis() == 0)
        .findFirst()
        .map(unit -> millis / unit.unit().getDuration().toMillis() + unit.suffix())
        .orElse("0ms");
  }

  private static ChronoUnit unit(String suffix, ChronoUnit plainUnit) {
    return LARGEST_FIRST.stream()
        .filter(unit -> unit.suffix().equals(suffix))
        .findFirst()
        .map(Unit::unit)
        .orElse(plainUnit);
  }
}
