package io.multiswarm.internal.tasks.distribution;

import io.multiswarm.tasks.Lane;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Counts the swarms that could take a task, and what keeps them from it. One thread at a time. */
final class AbleSwarms {

  private static final int MOST_NAMED = 3;

  private final Lane lane;
  private final Set<String> seen = new HashSet<>();
  private final List<String> waiting = new ArrayList<>();
  private final List<String> paused = new ArrayList<>();
  private int open;

  AbleSwarms(Lane lane) {
    this.lane = lane;
  }

  /** Passes over one that it has seen before. */
  void add(Member member) {
    if (!seen.add(member.swarmId()) || !member.capabilities().containsAll(lane.capabilities())) {
      return;
    }
    if (member.isPaused()) {
      paused.add(member.swarmId());
    } else if (member.open() == 0) {
      waiting.add(member.swarmId());
    } else {
      open++;
    }
  }

  /** Whether one of them is ready, so that the others do not matter. */
  boolean hasOpen() {
    return open > 0;
  }

  int attached() {
    return seen.size();
  }

  boolean isNone() {
    return open == 0 && waiting.isEmpty() && paused.isEmpty();
  }

  boolean areAllPaused() {
    return open == 0 && waiting.isEmpty() && !paused.isEmpty();
  }

  List<String> requires() {
    return lane.capabilities();
  }

  String namesOfPaused() {
    return names(paused);
  }

  String namesOfWaiting() {
    return names(waiting);
  }

  private static String names(List<String> swarms) {
    String first = swarms.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
    int more = swarms.size() - MOST_NAMED;
    return more > 0 ? first + " and " + more + " more" : first;
  }
}
