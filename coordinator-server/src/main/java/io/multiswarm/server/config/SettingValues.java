package io.multiswarm.server.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The text of every setting and where it came from, with readers that refuse what is no value in
 * one line.
 */
final class SettingValues {

  private static final Set<String> YES = Set.of("true", "yes", "on", "1");
  private static final Set<String> NO = Set.of("false", "no", "off", "0");

  private record Value(String text, Source source) {}

  private final Map<Setting, Value> values = new EnumMap<>(Setting.class);
  private final String searchPath;

  /**
   * @param flags what the command line said
   * @param environment the environment; an empty variable counts as unset
   */
  SettingValues(Map<Setting, String> flags, Map<String, String> environment) {
    this.searchPath = environment.getOrDefault("PATH", "");
    for (Setting setting : Setting.values()) {
      String flag = flags.get(setting);
      String variable = environment.getOrDefault(setting.variable(), "");
      if (flag != null) {
        values.put(setting, new Value(flag, Source.FLAG));
      } else if (!variable.isBlank()) {
        values.put(setting, new Value(variable, Source.ENVIRONMENT));
      } else {
        setting
            .defaultText()
            .ifPresent(text -> values.put(setting, new Value(text, Source.DEFAULT)));
      }
    }
  }

  /**
   * Returns the value as it was written, empty when the setting is not given and has no default.
   */
  Optional<String> text(Setting setting) {
    return Optional.ofNullable(values.get(setting)).map(Value::text);
  }

  /** Where programs are looked for; empty for nowhere. */
  String searchPath() {
    return searchPath;
  }

  Source source(Setting setting) {
    Value value = values.get(setting);
    return value == null ? Source.DEFAULT : value.source();
  }

  boolean isGiven(Setting setting) {
    return source(setting) != Source.DEFAULT;
  }

  /** The setting as its author knows it: by the flag or by the variable. */
  String name(Setting setting) {
    return source(setting) == Source.ENVIRONMENT ? setting.variable() : setting.flag();
  }

  String required(Setting setting) {
    return text(setting).orElseThrow(() -> new ConfigException(setting.flag() + " is required"));
  }

  boolean bool(Setting setting) {
    String text = required(setting).strip().toLowerCase(Locale.ROOT);
    if (!YES.contains(text) && !NO.contains(text)) {
      throw refused(setting, "is neither true nor false");
    }
    return YES.contains(text);
  }

  /** Reads a whole number, or the fallback when the setting has no value. */
  int number(Setting setting, int min, int max, int fallback) {
    return text(setting).isEmpty() ? fallback : number(setting, min, max);
  }

  int number(Setting setting, int min, int max) {
    String text = required(setting).strip();
    if (!text.matches("\\d{1,10}") || Long.parseLong(text) < min || Long.parseLong(text) > max) {
      throw refused(setting, "is no whole number from " + min + " to " + max);
    }
    return Integer.parseInt(text);
  }

  Duration duration(Setting setting, Duration min, Duration max) {
    return duration(setting, min, max, ChronoUnit.MILLIS);
  }

  Duration duration(Setting setting, Duration min, Duration max, ChronoUnit plainUnit) {
    Duration duration =
        Durations.parse(required(setting), plainUnit)
            .orElseThrow(() -> refused(setting, "is no duration: write 500ms, 30s, 5m, 1h or 1d"));
    if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
      throw refused(
          setting, "is not from " + Durations.format(min) + " to " + Durations.format(max));
    }
    return duration;
  }

  int size(Setting setting, int min, int max) {
    return (int) bytes(setting, min, max);
  }

  long bytes(Setting setting, long min, long max) {
    long bytes =
        Sizes.parse(required(setting))
            .orElseThrow(() -> refused(setting, "is no size: write 1048576, 512KiB or 1MiB"));
    if (bytes < min || bytes > max) {
      throw refused(setting, "is not from " + min + " to " + max + " bytes");
    }
    return bytes;
  }

  /** Reads a list separated by commas; blanks around and empty places do not count. */
  List<String> list(Setting setting) {
    return Arrays.stream(text(setting).orElse("").split(","))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  ConfigException refused(Setting setting, String why) {
    return new ConfigException(
        name(setting) + ": '" + setting.masked(required(setting)) + "' " + why);
  }

  /** Every value in one line, secrets masked. */
  String describe() {
    StringBuilder line = new StringBuilder();
    values.forEach(
        (setting, value) ->
            line.append(line.isEmpty() ? "" : " ")
                .append(setting.flag().substring(2))
                .append('=')
                .append(setting.masked(value.text())));
    return line.toString();
  }
}
