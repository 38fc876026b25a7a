package io.multiswarm.internal.redis;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A function of a script or library, or what is between two of them.
 *
 * <p>What counts as a function begins with a line {@code local function name(…)} and ends with a
 * line {@code end}, neither of them indented.
 *
 * @param function its name; null of what is none
 * @param words all that are in it, of its strings too
 */
record LuaPart(@Nullable String function, String text, Set<String> words) {

  private static final String FUNCTION = "local function ";
  private static final String END = "end\n";

  /** The parts of a text, in order. */
  static List<LuaPart> of(String text) {
    List<LuaPart> parts = new ArrayList<>();
    int begin = 0;
    int next;
    String function = null;
    for (int line = 0; line < text.length(); line = next) {
      int end = text.indexOf('\n', line);
      next = end < 0 ? text.length() : end + 1;
      if (function == null && opens(text, line, next)) {
        parts.add(of(null, text.substring(begin, line)));
        begin = line;
        function = text.substring(line + FUNCTION.length(), text.indexOf('(', line));
      } else if (function != null && text.startsWith(END, line)) {
        parts.add(of(function, text.substring(begin, next)));
        begin = next;
        function = null;
      }
    }
    parts.add(of(null, text.substring(begin)));
    return parts;
  }

  /** Not one that ends on the line on which it begins. */
  private static boolean opens(String text, int line, int next) {
    return text.startsWith(FUNCTION, line) && text.startsWith(")\n", next - 2);
  }

  private static LuaPart of(@Nullable String function, String text) {
    Set<String> words = new HashSet<>();
    int begin = -1;
    for (int i = 0; i <= text.length(); i++) {
      boolean inside = i < text.length() && isWord(text.charAt(i));
      if (inside && begin < 0) {
        begin = i;
      } else if (!inside && begin >= 0) {
        words.add(text.substring(begin, i));
        begin = -1;
      }
    }
    return new LuaPart(function, text, words);
  }

  private static boolean isWord(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
  }
}
