package io.multiswarm.common;

import io.multiswarm.internal.json.JsonText;
import org.jspecify.annotations.Nullable;

/**
 * The rule for text that users give: so many characters at most, and each of them whole. Half of a
 * surrogate pair is refused, because no encoding can carry it: two texts would become one.
 */
public final class Texts {

  private Texts() {}

  /** Returns {@code text}, or refuses it with {@code INVALID_ARGUMENT}, naming what it is. */
  public static String check(String what, String text, int most) {
    if (text.length() > most) {
      throw CoordinationException.invalid(
          what, "must have at most %d characters, has %d", most, text.length());
    }
    return checkWhole(what, text);
  }

  /** As {@link #check}, and refuses an empty text. */
  public static String checkWord(String what, String text, int most) {
    if (text.isEmpty()) {
      throw CoordinationException.invalid(what, "must have 1 to %d characters, has none", most);
    }
    return check(what, text, most);
  }

  /** As {@link #check} for text of any length, which something else bounds. */
  public static String checkWhole(String what, String text) {
    if (JsonText.hasHalfPair(text)) {
      throw CoordinationException.invalid(
          what, "has half of a surrogate pair, which is no character");
    }
    return text;
  }

  /** As {@link #checkWhole}; null passes. */
  public static @Nullable String checkOptional(String what, @Nullable String text) {
    return text == null ? null : checkWhole(what, text);
  }

  /** Whether every surrogate of a text has its other half, so that it can be written as UTF-8. */
  public static boolean isWhole(String text) {
    return !JsonText.hasHalfPair(text);
  }

  /** The beginning of a text that is longer, and an ellipsis; pairs of surrogates stay together. */
  public static String shortened(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end) + '…';
  }
}
