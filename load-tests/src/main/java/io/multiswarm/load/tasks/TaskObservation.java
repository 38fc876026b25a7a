package io.multiswarm.load.tasks;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.ServerNotification.Assignment;
import io.multiswarm.load.client.ServerNotification.Stamp;
import io.multiswarm.load.judge.TaskLedger;
import io.multiswarm.load.report.Latencies;
import io.multiswarm.load.report.Tally;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

/**
 * What is seen of a run's tasks: counts, times from the intended submission on, shares, and the
 * ledger that judges.
 */
final class TaskObservation {

  private final LongSupplier nanoTime;
  private final TaskLedger ledger = new TaskLedger();
  private final Latencies accepted = new Latencies();
  private final Latencies assigned = new Latencies();
  private final Latencies completed = new Latencies();
  private final LongAdder submitted = new LongAdder();
  private final LongAdder unable = new LongAdder();
  private final LongAdder repeated = new LongAdder();
  private final Tally refused = new Tally();
  private final AtomicLongArray completedBySwarm;
  private volatile IntConsumer whenFinished = session -> {};
  private volatile long measuredFrom = Long.MAX_VALUE;
  private volatile long lastCompletion;

  TaskObservation(LongSupplier nanoTime, int swarms) {
    this.nanoTime = nanoTime;
    this.completedBySwarm = new AtomicLongArray(swarms);
  }

  /**
   * Tasks intended before {@code nanos} warm up: they are counted and judged, but their times are
   * not taken.
   */
  void measureFrom(long nanos) {
    measuredFrom = nanos;
    lastCompletion = nanos;
  }

  void submitted() {
    submitted.increment();
  }

  void accepted(Stamp stamp) {
    time(accepted, stamp, nanoTime.getAsLong());
    ledger.accepted(stamp.number());
  }

  /**
   * @param able whether the swarm should have been given it
   */
  void assigned(Assignment assignment, boolean able) {
    if (!able) {
      unable.increment();
    }
    time(assigned, assignment.stamp(), nanoTime.getAsLong());
    ledger.assigned(assignment.swarm(), assignment.stamp().number(), assignment.attempt());
  }

  void completed(int swarm, Assignment assignment) {
    long now = nanoTime.getAsLong();
    lastCompletion = now;
    time(completed, assignment.stamp(), now);
    completedBySwarm.incrementAndGet(swarm);
    ledger.completed(assignment.swarm(), assignment.stamp().number(), assignment.attempt());
    whenFinished.accept(assignment.stamp().sender());
  }

  /** The outcome of a call was unknown, so that it is made again. */
  void repeated() {
    repeated.increment();
  }

  /** A request of the harness was answered with an error. */
  void refused(Fault fault) {
    refused.add(String.valueOf(fault.getMessage()));
  }

  private void time(Latencies latencies, Stamp stamp, long now) {
    if (stamp.intendedNanos() >= measuredFrom) {
      latencies.record(now - stamp.intendedNanos());
    }
  }

  long nanoTime() {
    return nanoTime.getAsLong();
  }

  TaskLedger ledger() {
    return ledger;
  }

  /** Calls {@code listener} with the session of each task that is done from now on. */
  void whenFinished(IntConsumer listener) {
    whenFinished = listener;
  }

  long repeatedCount() {
    return repeated.sum();
  }

  /** How many assignments were to swarms that are not able. */
  long unableCount() {
    return unable.sum();
  }

  long submittedCount() {
    return submitted.sum();
  }

  Latencies accepted() {
    return accepted;
  }

  Latencies assigned() {
    return assigned;
  }

  Latencies completed() {
    return completed;
  }

  long refusedCount() {
    return refused.total();
  }

  /** How often each refusal was the answer, in its words. */
  Map<String, Long> refusals() {
    return refused.counts();
  }

  /** How many tasks each swarm completed. */
  LongStream shares() {
    return LongStream.range(0, completedBySwarm.length())
        .map(swarm -> completedBySwarm.get((int) swarm));
  }

  double measuredSeconds() {
    return Math.max(1, lastCompletion - measuredFrom) / (double) TimeUnit.SECONDS.toNanos(1);
  }
}
