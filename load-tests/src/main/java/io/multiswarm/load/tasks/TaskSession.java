package io.multiswarm.load.tasks;

import io.multiswarm.load.client.ServerNotification.Assignment;
import io.multiswarm.load.client.ServerNotification.Stamp;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Where some swarms submit tasks and are given some: a session, or all the swarms of an embedded
 * node. Calls fail with {@link io.multiswarm.load.client.Fault} when they are refused.
 */
public interface TaskSession {

  /** Among the sessions of a run, from 0. */
  int index();

  /** Ids of its swarms. */
  List<String> swarms();

  /** The number of the first of them; the others follow. */
  int firstSwarm();

  /** For what is due later. */
  Scheduler scheduler();

  /** How many submissions, and beside them how many reports, may be on their way. */
  int callsAtOnce();

  /** Called for each assignment from now on; it must not block. To be called once, at first. */
  void listen(Consumer<Assignment> listener);

  /** Completes when the task, whose number is the stamp's, is accepted. */
  Mono<Void> submit(String from, Stamp stamp);

  /** Says that a swarm is ready for so many more tasks. */
  Mono<Void> request(String swarm, int n);

  /** Completes when the completion is accepted. */
  Mono<Void> complete(Assignment given);
}
