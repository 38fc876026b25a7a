package io.multiswarm.server.ctl;

import io.multiswarm.server.logging.Escapes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Rows under heads, as wide as what is in them. What clients wrote is shown as text. */
final class Table {

  private static final int WIDEST = 48;
  private static final int WIDEST_LAST = 100;
  private static final String GAP = "  ";

  private final List<String> heads;
  private final List<List<String>> rows = new ArrayList<>();

  /** A head that begins with {@code >} has its column at the right. */
  Table(String... heads) {
    this.heads = List.of(heads);
  }

  Table row(Object... cells) {
    List<String> row = new ArrayList<>();
    for (int i = 0; i < heads.size(); i++) {
      row.add(cut(Escapes.escape(String.valueOf(cells[i])), isLast(i) ? WIDEST_LAST : WIDEST));
    }
    rows.add(row);
    return this;
  }

  private boolean isLast(int column) {
    return column == heads.size() - 1;
  }

  static String cut(String text, int widest) {
    if (text.codePointCount(0, text.length()) <= widest) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, widest - 1)) + "…";
  }

  /** The heads and the rows; the latter alone are none when there is nothing to tell. */
  List<String> lines() {
    int[] widths = new int[heads.size()];
    List<String> titles = heads.stream().map(head -> head.replace(">", "")).toList();
    Stream.concat(Stream.of(titles), rows.stream()).forEach(row -> widen(widths, row));
    return Stream.concat(Stream.of(titles), rows.stream()).map(row -> line(widths, row)).toList();
  }

  private static void widen(int[] widths, List<String> row) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], width(row.get(i)));
    }
  }

  private String line(int[] widths, List<String> row) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - width(row.get(i)));
      boolean atTheRight = heads.get(i).startsWith(">");
      line.append(atTheRight ? padding : "").append(row.get(i)).append(atTheRight ? "" : padding);
      line.append(GAP);
    }
    return line.toString().stripTrailing();
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
