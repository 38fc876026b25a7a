package io.multiswarm.server.ctl;

import io.multiswarm.server.config.ConfigException;
import io.multiswarm.server.config.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Times as people read and write them. */
final class Times {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());
  private static final Duration TWO_MINUTES = Duration.ofMinutes(2);
  private static final Duration TWO_HOURS = Duration.ofHours(2);
  private static final Duration TWO_DAYS = Duration.ofDays(2);

  private Times() {}

  static String date(long millis) {
    return millis == 0 ? "" : DATE.format(Instant.ofEpochMilli(millis));
  }

  static String clock(long millis) {
    return CLOCK.format(Instant.ofEpochMilli(millis));
  }

  /** How long ago; clocks that disagree make it no less than nothing. */
  static String age(long millis, Instant now) {
    return millis == 0 ? "" : span(Duration.between(Instant.ofEpochMilli(millis), now));
  }

  static String span(Duration span) {
    if (span.compareTo(TWO_MINUTES) < 0) {
      return Math.max(0, span.toSeconds()) + " s";
    }
    if (span.compareTo(TWO_HOURS) < 0) {
      return span.toMinutes() + " min";
    }
    return span.compareTo(TWO_DAYS) < 0 ? span.toHours() + " h" : span.toDays() + " d";
  }

  /** The milliseconds of a duration that was given; null when none was. */
  static @Nullable Long millis(String flag, @Nullable String given) {
    return given == null
        ? null
        : Durations.parse(given, ChronoUnit.MILLIS)
            .map(Duration::toMillis)
            .orElseThrow(
                () -> new ConfigException(flag + ": '" + given + "' is no duration, such as 30s"));
  }
}
