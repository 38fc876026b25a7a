package io.multiswarm.tasks;

import io.multiswarm.common.Capabilities;
import io.multiswarm.common.Priority;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Tasks that are interchangeable for routing: one priority, one strategy, one set of required
 * capabilities.
 *
 * <p>In Redis a lane is the text {@code <priority>:<strategy>:<capability>,…} with capabilities
 * sorted and URL-encoded, so it has no space, no line break and no {@code |}. A task's place begins
 * with it, which makes one sorted set the queue of all lanes.
 *
 * @param strategy empty for tasks that follow the fleet's
 * @param capabilities sorted, without duplicates
 */
public record Lane(Priority priority, String strategy, List<String> capabilities) {

  /** The lane of a task that asks for this. */
  public static Lane of(NewTask task) {
    String strategy = task.strategy();
    return new Lane(task.priority(), strategy == null ? "" : strategy, task.capabilities());
  }

  /** Reads a {@link #name}. */
  public static Lane parse(String name) {
    String[] parts = name.split(":", 3);
    List<String> capabilities =
        parts[2].isEmpty()
            ? List.of()
            : Arrays.stream(parts[2].split(","))
                .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
                .toList();
    return new Lane(Priority.values()[Integer.parseInt(parts[0])], parts[1], capabilities);
  }

  /** The lane's name within a place. */
  public static String nameIn(String place) {
    return place.substring(0, place.indexOf('|'));
  }

  /**
   * The microsecond of the task's submission within a place.
   *
   * @throws IllegalArgumentException when it is no place
   */
  public static long microsIn(String place) {
    int from = place.indexOf('|') + 1;
    if (from == 0 || place.indexOf('|', from) < 0) {
      throw new IllegalArgumentException("has no place in a lane");
    }
    return Long.parseLong(place, from, place.indexOf('|', from), 10);
  }

  /** The task's id within a place. */
  public static String taskIn(String place) {
    return place.substring(place.lastIndexOf('|') + 1);
  }

  /** Its text in Redis. */
  public String name() {
    return priority.ordinal() + ":" + strategy + ':' + Capabilities.encoded(capabilities);
  }
}
