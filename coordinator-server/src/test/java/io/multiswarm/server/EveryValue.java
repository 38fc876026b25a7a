package io.multiswarm.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Values and texts at and around every limit that PROTOCOL has, as JSON; the same in each run. */
final class EveryValue {

  private static final int SEED = 11;
  private static final int COMPOSED = 10;

  /** What makes a message that cannot be read. */
  private static final Set<String> UNSOUND =
      Set.of(
          "9".repeat(101),
          "{\"a\":1,\"a\":2}",
          "{\"\\ud800\":\"\\ud800\"}",
          "{\"\\udc00\\ud800\":\"\\udc00\\ud800\"}");

  private EveryValue() {}

  /** What a payload may be, or may not. */
  static List<String> payloads() {
    List<String> values = new ArrayList<>(small());
    Random random = new Random(SEED);
    for (int i = 0; i < COMPOSED; i++) {
      values.add(composed(random, small(), 4));
    }
    for (int depth : List.of(90, 95, 96, 97, 98, 99, 100, 101)) {
      values.add("[".repeat(depth) + "]".repeat(depth));
      values.add("{\"a\":".repeat(depth - 1) + "{}" + "}".repeat(depth - 1));
    }
    for (int length : List.of(49_999, 50_001, 70_000)) {
      values.add("{" + quoted("n".repeat(length)) + ":1}");
    }
    for (int length : List.of(16_300, 16_384, 16_500, 65_300, 65_400, 65_536, 70_000)) {
      values.add(quoted("x".repeat(length)));
    }
    for (int length : List.of(300_000, 1_000_000, 1_048_300)) {
      values.add(quoted("ü".repeat(length / 2)));
    }
    values.add(list("[", 10_000, i -> "[]", "]"));
    values.add(list("{", 10_000, i -> quoted("m" + i) + ":{}", "}"));
    return values;
  }

  /** As {@link #payloads}, what is small and sound together in one. */
  static List<String> packed() {
    List<String> values = new ArrayList<>(payloads());
    List<String> sound = small().stream().filter(value -> !UNSOUND.contains(value)).toList();
    values.removeAll(sound);
    values.add("[" + String.join(",", sound) + "]");
    return values;
  }

  private static List<String> small() {
    List<String> values = new ArrayList<>(List.of("null", "true", "false", "[]", "{}", "[[],{}]"));
    values.addAll(
        List.of(
            "0", "-0", "1e-7", "0.1", "9007199254740991", "9007199254740992", "-9007199254740993"));
    values.addAll(
        List.of("9223372036854775808", "18446744073709551616", "1e308", "1e400", "-1E400"));
    values.addAll(List.of("1e-400", "9".repeat(100), "9".repeat(101), "0." + "1".repeat(98)));
    texts().stream().filter(text -> text.length() < 100).forEach(values::add);
    texts().stream()
        .filter(text -> text.length() < 100)
        .map(text -> "{" + text + ":" + text + "}")
        .forEach(values::add);
    values.add("{\"a\":1,\"a\":2}");
    values.add("{\"__proto__\":{\"constructor\":1}}");
    return values;
  }

  /** What a name, a description or a label may be, or may not. */
  static List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (String text :
        List.of("", " ", ":", "|", "a|b:c;d=e", "*", "%25", "</script>", "'\u007f\u0080")) {
      texts.add(quoted(text));
    }
    texts.addAll(
        List.of("\"\\u2028\\u2029\"", "\"\u2028\"", "\"\\u0000\"", "\"\\r\\n\\t\"", "\"\ufeff\""));
    texts.addAll(
        List.of("\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud83d\\ude00\"", "\"\ud83d\ude00\""));
    for (int length :
        List.of(63, 64, 65, 127, 128, 129, 255, 256, 257, 512, 513, 1_000, 1_024, 1_025)) {
      texts.add(quoted("t".repeat(length)));
      texts.add(quoted("\u2028".repeat(length)));
    }
    texts.add(quoted("t".repeat(65_536)));
    return texts;
  }

  private static String composed(Random random, List<String> leaves, int depth) {
    if (depth == 0 || random.nextInt(4) == 0) {
      return leaves.get(random.nextInt(leaves.size()));
    }
    int members = random.nextInt(4);
    boolean isArray = random.nextBoolean();
    return list(
        isArray ? "[" : "{",
        members,
        i -> (isArray ? "" : quoted("m" + i) + ":") + composed(random, leaves, depth - 1),
        isArray ? "]" : "}");
  }

  private static String list(
      String begin, int length, java.util.function.IntFunction<String> member, String end) {
    return IntStream.range(0, length).mapToObj(member).collect(Collectors.joining(",", begin, end));
  }

  static String quoted(String text) {
    return '"' + text + '"';
  }
}
