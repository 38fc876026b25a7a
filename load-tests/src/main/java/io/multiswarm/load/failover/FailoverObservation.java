package io.multiswarm.load.failover;

import io.multiswarm.load.report.Latencies;
import io.multiswarm.load.report.Percentiles;
import io.multiswarm.load.witness.RedisEar.Leadership;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What a run has seen so far. Told by one round at a time. */
final class FailoverObservation {

  private final Map<Blow, Latencies> takenOver = new EnumMap<>(Blow.class);
  private final Map<Blow, Latencies> wrote = new EnumMap<>(Blow.class);
  private final Map<Blow, Long> last = new EnumMap<>(Blow.class);
  private long keptByTheSame;
  private long disorderlyEnds;
  private long lateWrites;
  private long fenced;
  private long roundsWithoutLateWrite;
  private long wokeLeading;

  void takenOver(Blow blow, Leadership from, Leadership to, long nanos) {
    of(takenOver, blow).record(nanos);
    last.put(blow, nanos);
    if (from.node().equals(to.node())) {
      keptByTheSame++;
    }
  }

  private static Latencies of(Map<Blow, Latencies> times, Blow blow) {
    return times.computeIfAbsent(blow, any -> new Latencies());
  }

  void wrote(Blow blow, long nanos) {
    of(wrote, blow).record(nanos);
  }

  void ended(Blow blow, int code) {
    if (blow == Blow.STOP && code != 0) {
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

  String last(Blow blow) {
    long nanos = last.getOrDefault(blow, 0L);
    return String.format(
        Locale.ROOT, "taken over after %,d ms", TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  Percentiles takenOver(Blow blow) {
    return of(takenOver, blow).total();
  }

  Percentiles wrote(Blow blow) {
    return of(wrote, blow).total();
  }

  /** Blows that the struck leader itself followed. */
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
