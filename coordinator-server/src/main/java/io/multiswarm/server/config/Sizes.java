package io.multiswarm.server.config;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads sizes as settings have them: plain bytes or with a unit, all of them powers of 1024 ({@code
 * 512KiB}, {@code 512k}, {@code 1MiB}).
 */
public final class Sizes {

  private static final Pattern FORM = Pattern.compile("(\\d{1,10})\\s*(?:([kmg])(?:i?b)?|b)?");

  private Sizes() {}

  /** Returns the number of bytes, empty when the text is no size. */
  public static OptionalLong parse(String text) {
    Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    int shift = shift(matcher.group(2));
    // What does not fit a long saturates, for the setting's own bounds to refuse.
    return OptionalLong.of(number > Long.MAX_VALUE >> shift ? Long.MAX_VALUE : number << shift);
  }

  private static int shift(@Nullable String unit) {
    return unit == null ? 0 : 10 * ("kmg".indexOf(unit) + 1);
  }
}
