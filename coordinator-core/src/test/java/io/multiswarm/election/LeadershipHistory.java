package io.multiswarm.election;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What Redis accepted from leaders, in Redis's order, and whether it keeps the promise: epochs are
 * ordered and never repeated, each has one leader, and once a newer one has written, no older one's
 * write is accepted.
 */
final class LeadershipHistory {

  /** A leadership that began, or a write that was accepted. */
  record Entry(long epoch, String node) {}

  private final List<Entry> wins = new ArrayList<>();
  private final List<Entry> writes = new ArrayList<>();

  LeadershipHistory won(long epoch, String node) {
    wins.add(new Entry(epoch, node));
    return this;
  }

  LeadershipHistory wrote(long epoch, String node) {
    writes.add(new Entry(epoch, node));
    return this;
  }

  int wins() {
    return wins.size();
  }

  int writes() {
    return writes.size();
  }

  void check() {
    List<String> violations = violations();
    if (!violations.isEmpty()) {
      throw new AssertionError(String.join("\n", violations));
    }
  }

  List<String> violations() {
    List<String> violations = new ArrayList<>();
    Map<Long, String> leaders = new HashMap<>();
    long newest = 0;
    for (Entry win : wins) {
      if (win.epoch() <= newest) {
        violations.add("epoch is not newer than " + newest + ": " + win);
      }
      newest = Math.max(newest, win.epoch());
      leaders.putIfAbsent(win.epoch(), win.node());
    }
    long written = 0;
    for (Entry write : writes) {
      if (write.epoch() < written) {
        violations.add("accepted after epoch " + written + " had written: " + write);
      }
      written = Math.max(written, write.epoch());
      if (!write.node().equals(leaders.get(write.epoch()))) {
        violations.add("accepted from who did not win it: " + write);
      }
    }
    return violations;
  }
}
