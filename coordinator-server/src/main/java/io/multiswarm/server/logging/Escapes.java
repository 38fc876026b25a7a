package io.multiswarm.server.logging;

/** Makes text from outside harmless in a line of a log: no line breaks, no terminal commands. */
public final class Escapes {

  private Escapes() {}

  /**
   * Writes control characters, and what changes the direction or ends a line in some viewer, as
   * {@code \\uXXXX}.
   */
  public static String escape(String text) {
    if (text.chars().noneMatch(Escapes::isDangerous)) {
      return text;
    }
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.chars().forEach(c -> append(escaped, (char) c));
    return escaped.toString();
  }

  private static void append(StringBuilder to, char c) {
    switch (c) {
      case '\n' -> to.append("\\n");
      case '\r' -> to.append("\\r");
      case '\t' -> to.append("\\t");
      default -> {
        if (isDangerous(c)) {
          to.append("\\u%04x".formatted((int) c));
        } else {
          to.append(c);
        }
      }
    }
  }

  private static boolean isDangerous(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
