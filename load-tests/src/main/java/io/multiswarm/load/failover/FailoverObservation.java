package io.multiswarm.load.failover;

import io.multiswarm.load.faults.RedisObserver.Leadership;
import io.multiswarm.load.report.Latencies;
import io.multiswarm.load.report.Percentiles;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What a run has seen so far. Told by one round at a time. */
final class FailoverObservation {

  private final Map<LeaderFault, Latencies> takenOver = new EnumMap<>(LeaderFault.class);
  private final Map<LeaderFault, Latencies> wrote = new EnumMap<>(LeaderFault.class);
  private final Map<LeaderFault, Latencies> changed = new EnumMap<>(LeaderFault.class);
  private final Map<LeaderFault, Long> last = new EnumMap<>(LeaderFault.class);
  private long keptByTheSame;
  private long disorderlyEnds;
  private long lateWrites;
  private long fenced;
  private long roundsWithoutLateWrite;
  private long wokeLeading;

  void takenOver(LeaderFault fault, Leadership from, Leadership to, long nanos) {
    of(takenOver, fault).record(nanos);
    last.put(fault, nanos);
    if (from.node().equals(to.node())) {
      keptByTheSame++;
    }
  }

  private static Latencies of(Map<LeaderFault, Latencies> times, LeaderFault fault) {
    return times.computeIfAbsent(fault, any -> new Latencies());
  }

  void wrote(LeaderFault fault, long nanos) {
    of(wrote, fault).record(nanos);
    last.putIfAbsent(fault, nanos);
  }

  /** A script ran at the new master, so long after it was announced. */
  void changed(LeaderFault fault, long nanos) {
    of(changed, fault).record(nanos);
    last.put(fault, nanos);
  }

  void ended(LeaderFault fault, int code) {
    if (fault == LeaderFault.STOP && code != 0) {
      disorderlyEnds++;
    }
  }

  void late(long writes, long refused) {
    lateWrites += writes;
    fenced += refused;
    if (writes == 0) {
      roundsWithoutLateWrite++;
    }
  }

  void woke(boolean leading) {
    if (leading) {
      wokeLeading++;
    }
  }

  String last(LeaderFault fault) {
    long nanos = last.getOrDefault(fault, 0L);
    return String.format(
        Locale.ROOT,
        "%s after %,d ms",
        switch (fault) {
          case BEREFT, MOVED -> "written";
          default -> "taken over";
        },
        TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  Percentiles takenOver(LeaderFault fault) {
    return of(takenOver, fault).total();
  }

  Percentiles wrote(LeaderFault fault) {
    return of(wrote, fault).total();
  }

  Percentiles changed(LeaderFault fault) {
    return of(changed, fault).total();
  }

  /** Faults that the struck leader itself followed. */
  long keptByTheSame() {
    return keptByTheSame;
  }

  long disorderlyEnds() {
    return disorderlyEnds;
  }

  /** Commands of a paused leader that arrived after its lease. */
  long lateWrites() {
    return lateWrites;
  }

  /** Answers to them, and to late reports of lost swarms; those to a closed connection are lost. */
  long fenced() {
    return fenced;
  }

  long roundsWithoutLateWrite() {
    return roundsWithoutLateWrite;
  }

  long wokeLeading() {
    return wokeLeading;
  }
}
