package io.multiswarm.server.mcp.agent;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.messaging.Position;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How far an agent has read the channels that it hears. The agent keeps it, so a lost answer, a
 * killed node or another one change nothing: what comes after the cursor comes again.
 *
 * @param positions by the channel's letter
 */
public record Cursor(Map<Character, Position> positions) {

  private static final int MOST = 8;
  private static final Pattern PART =
      Pattern.compile("([a-z])([A-Za-z0-9._-]{1,40}):([0-9]{1,15})");

  public Cursor {
    positions = Map.copyOf(positions);
  }

  /** Reads what {@link #text} wrote. */
  public static Cursor parse(String text) {
    Map<Character, Position> positions = new TreeMap<>();
    for (String part : text.strip().split(",", MOST)) {
      Matcher matcher = PART.matcher(part);
      if (!matcher.matches()) {
        throw CoordinationException.invalid(
            "cursor", "must be the one of the last answer of join or next");
      }
      positions.put(
          matcher.group(1).charAt(0),
          new Position(matcher.group(2), Long.parseLong(matcher.group(3))));
    }
    return new Cursor(positions);
  }

  @Nullable Position of(char letter) {
    return positions.get(letter);
  }

  Cursor with(char letter, Position position) {
    Map<Character, Position> more = new TreeMap<>(positions);
    more.put(letter, position);
    return new Cursor(more);
  }

  public String text() {
    return new TreeMap<>(positions)
        .entrySet().stream()
            .map(
                entry ->
                    entry.getKey() + entry.getValue().epoch() + ':' + entry.getValue().offset())
            .collect(Collectors.joining(","));
  }
}
