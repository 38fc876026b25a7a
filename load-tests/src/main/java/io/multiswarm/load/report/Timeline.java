package io.multiswarm.load.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What changed while a scenario ran: values as they were told, and the faults that happened.
 * Bounded: of a longer run only the first points are kept. It may be told from several threads.
 */
public final class Timeline {

  /** A value a second for eight hours. */
  private static final int MOST_POINTS = 8 * 3_600;

  private static final int MOST_MARKS = 10_000;

  private final Map<String, List<Point>> series = new LinkedHashMap<>();
  private final List<Mark> marks = new ArrayList<>();

  /** A value at a time. */
  public record Point(double seconds, double value) {}

  /** Something that happened. */
  public record Mark(double seconds, String what) {}

  public synchronized void add(String name, double seconds, double value) {
    List<Point> points = series.computeIfAbsent(name, any -> new ArrayList<>());
    if (points.size() < MOST_POINTS) {
      points.add(new Point(seconds, value));
    }
  }

  public synchronized void mark(double seconds, String what) {
    if (marks.size() < MOST_MARKS) {
      marks.add(new Mark(seconds, what));
    }
  }

  /** For a JSON mapper: points as {@code [seconds, value]}, to be small. */
  synchronized Map<String, Object> asMap() {
    Map<String, Object> all = new LinkedHashMap<>();
    series.forEach(
        (name, points) ->
            all.put(
                name,
                points.stream().map(point -> List.of(point.seconds(), point.value())).toList()));
    return Map.of(
        "series",
        all,
        "marks",
        marks.stream().map(mark -> List.of(mark.seconds(), mark.what())).toList());
  }
}
