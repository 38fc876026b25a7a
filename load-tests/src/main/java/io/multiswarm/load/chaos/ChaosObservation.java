package io.multiswarm.load.chaos;

import io.multiswarm.load.client.Disconnected;
import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.ServerNotification.Assignment;
import io.multiswarm.load.judge.TaskAudit;
import io.multiswarm.load.judge.TaskLedger;
import io.multiswarm.load.report.Latencies;
import io.multiswarm.load.report.Tally;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import reactor.core.publisher.Mono;

/** What is seen of a run: the ledgers that judge, and counts that tell what was survived. */
final class ChaosObservation {

  private final TaskLedger ledger = new TaskLedger();
  private final TaskAudit audit;
  private final boolean endedMayGo;
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong settled = new AtomicLong();
  private final Map<Event, LongAdder> events = new EnumMap<>(Event.class);
  private final Map<Strike, Latencies> recoveries = new EnumMap<>(Strike.class);
  private final Latencies times = new Latencies();
  private final Tally unexpected = new Tally();
  private volatile long fullest = Long.MAX_VALUE;

  /** Things that may happen, and how often they did. */
  private enum Event {
    SESSION_LOST("connections lost"),
    ATTACHED("swarms attached again"),
    UNANSWERED("submissions without an answer, repeated"),
    POSTPONED("answers \"not now\", repeated"),
    FENCED("late reports refused as FENCED"),
    GONE("questions about ended tasks that had made room");

    private final String title;

    Event(String title) {
      this.title = title;
    }
  }

  /**
   * @param endedMayGo whether ended tasks are removed to make room
   */
  ChaosObservation(boolean endedMayGo) {
    this.endedMayGo = endedMayGo;
    this.audit = new TaskAudit(endedMayGo);
    for (Event event : Event.values()) {
      events.put(event, new LongAdder());
    }
    for (Strike strike : Strike.values()) {
      recoveries.put(strike, new Latencies());
    }
  }

  private void happened(Event event) {
    events.getOrDefault(event, new LongAdder()).increment();
  }

  /** Connections break; anything else that ends a session is a surprise. */
  <T> Mono<T> sessionLost(Throwable reason) {
    if (!(reason instanceof Disconnected || reason instanceof IOException)) {
      unexpected.add(reason.toString());
    }
    happened(Event.SESSION_LOST);
    return Mono.empty();
  }

  void attached() {
    happened(Event.ATTACHED);
  }

  void submissionUnanswered() {
    happened(Event.UNANSWERED);
  }

  void postponed() {
    happened(Event.POSTPONED);
  }

  void fenced() {
    happened(Event.FENCED);
  }

  /** An answer that no death explains. */
  void unexpected(Fault fault) {
    if (endedMayGo && fault.name().equals("NOT_FOUND")) {
      happened(Event.GONE);
      return;
    }
    unexpected.add(String.valueOf(fault.getMessage()));
  }

  /** What is completed makes room, and needs none. */
  void completionPutOff(Fault fault) {
    if (fault.name().equals("RESOURCE_EXHAUSTED")) {
      unexpected.add(String.valueOf(fault.getMessage()));
    }
  }

  /** A server that was to end in order did not. */
  void disorderly(int code) {
    unexpected.add("stopped servers whose exit code was %d, not 0".formatted(code));
  }

  /** How many completions were accepted while Redis's memory was full. */
  void whileFull(long completions) {
    fullest = Math.min(fullest, completions);
  }

  /** The fewest of them; empty when its memory never was. */
  OptionalLong completedWhileFull() {
    return fullest == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(fullest);
  }

  void accepted(long task) {
    ledger.accepted(task);
    audit.accepted(task);
    accepted.incrementAndGet();
  }

  void assigned(Assignment given) {
    ledger.assigned(given.swarm(), given.stamp().number(), given.attempt());
  }

  void held(Assignment given) {
    ledger.held(given.swarm(), given.stamp().number(), given.attempt());
  }

  void completed(Assignment given) {
    ledger.completed(given.swarm(), given.stamp().number(), given.attempt());
    audit.completed(given.swarm(), given.stamp().number(), given.attempt());
  }

  /** The store says that the task is completed, of which no worker was told. */
  void found(String swarm, long task, long attempt) {
    ledger.found(swarm, task, attempt);
    audit.completed(swarm, task, attempt);
    settled.incrementAndGet();
  }

  void recovered(Strike strike, long nanos) {
    recoveries.getOrDefault(strike, new Latencies()).record(nanos);
  }

  /** From the submission that was sent last to each completion. */
  Latencies times() {
    return times;
  }

  TaskLedger ledger() {
    return ledger;
  }

  TaskAudit audit() {
    return audit;
  }

  long acceptedCount() {
    return accepted.get();
  }

  long completedCount() {
    return ledger.completed();
  }

  /** Completions that were found in the store before, or instead of, their answers. */
  long settledCount() {
    return settled.get();
  }

  long unfinished() {
    return accepted.get() - ledger.completed();
  }

  Map<Strike, Latencies> recoveries() {
    return recoveries;
  }

  Map<String, Long> events() {
    Map<String, Long> counts = new TreeMap<>();
    events.forEach((event, count) -> counts.put(event.title, count.sum()));
    return counts;
  }

  Map<String, Long> unexpected() {
    return unexpected.counts();
  }
}
