package io.multiswarm.server.work;

import io.multiswarm.common.Json;
import io.multiswarm.server.client.NotReachedException;
import io.multiswarm.server.client.Told;
import io.multiswarm.server.client.WireClient;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A swarm that gives each of its tasks to a process. All of it runs on one thread, which never
 * waits: commands, files and answers come back to it.
 *
 * <p>While the coordinator is away, commands go on. When it is back, the leases that it names and
 * those that it renews go on, and what it refuses is over: its command is ended. What an earlier
 * life of the runner was given died with it, and counts as a failure of that attempt: a task that
 * kills its runner must not do so for ever.
 */
final class CommandWorker {

  private static final Logger log = LoggerFactory.getLogger(CommandWorker.class);

  private static final Duration BEAT = Duration.ofMillis(500);
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);
  private static final Duration AFTER_A_REFUSAL = Duration.ofSeconds(1);

  private static final CommandOutcome.Failed DIED =
      new CommandOutcome.Failed("the runner died", true);

  private final Workshop workshop;
  private final Link link;
  private final Joining joining;
  private final SwarmHold hold;
  private final TaskReports reports;
  private final Map<TaskKey, CommandAttempt> runs = new LinkedHashMap<>();
  private final Renewals renewals;
  private final Rest rest;
  private final Sinks.Empty<Void> end = Sinks.empty();

  /** What was asked for and not assigned yet. */
  private int credit;

  /** Whether the server renews the leases, which it does since the first request of a hold. */
  private boolean isRenewed;

  private boolean hasJoined;
  private boolean isStopping;
  private boolean isFinished;
  private @Nullable Throwable failure;

  CommandWorker(Workshop workshop) {
    this.workshop = workshop;
    this.link = new Link(workshop.settings().endpoints(), workshop.loop());
    this.joining = new Joining(workshop, link);
    this.hold = new SwarmHold(workshop, link);
    this.reports = new TaskReports(hold);
    this.renewals = new Renewals(hold, runs, workshop.loop());
    this.rest = new Rest(workshop.loop());
  }

  /** Works until it is told to stop; fails when it cannot go on. */
  Mono<Void> run() {
    return Mono.using(
        () -> Flux.interval(BEAT, workshop.loop()).subscribe(tick -> renewals.beat(isRenewed)),
        beating ->
            Mono.firstWithSignal(
                link.sessions(this::session).then().onErrorResume(this::cannotGoOn), end.asMono()),
        reactor.core.Disposable::dispose);
  }

  private Mono<Void> cannotGoOn(Throwable cause) {
    leave(cause, Duration.ZERO);
    return end.asMono();
  }

  private Flux<Boolean> session(WireClient client) {
    // Its end is told by closed(), too.
    client.told().publishOn(workshop.loop()).subscribe(told -> told(client, told), ended -> {});
    return Flux.concat(join(client).thenReturn(true).flux(), client.closed().cast(Boolean.class))
        .publishOn(workshop.loop())
        .doFinally(ended -> hold.end(client))
        .onErrorResume(lost -> isFinished, lost -> Flux.never());
  }

  private Mono<Void> join(WireClient client) {
    return joining.join(client).doOnNext(leases -> joined(client, leases)).then();
  }

  private void joined(WireClient client, List<Lease> leases) {
    log.info("works for swarm: {}", workshop.settings().membership().swarm());
    credit = 0;
    isRenewed = false;
    boolean isFirst = !hasJoined;
    hasJoined = true;
    hold.begin(client);
    Set<TaskKey> kept = new HashSet<>();
    for (Lease lease : leases) {
      kept.add(lease.key());
      if (isFirst) {
        reports.failed(lease.key(), DIED).subscribe();
      } else {
        take(lease);
      }
    }
    // What is not listed may be in the notifications that follow; the server knows.
    runs.keySet().stream()
        .filter(key -> !kept.contains(key))
        .toList()
        .forEach(key -> renewals.renew(client, key, null));
    want();
  }

  private void told(WireClient client, Told told) {
    Map<String, Json> params = told.params().members();
    switch (told.method()) {
      case "task.assigned" -> {
        credit = Math.max(0, credit - 1);
        take(Lease.read(told.params()));
      }
      case "task.revoked" -> {
        TaskKey key = Lease.key(params);
        log.info("{}: revoked, {}", key, params.get("reason"));
        fenced(key);
      }
      case "swarm.detached" -> detached(client, params.getOrDefault("reason", Json.of("")).text());
      default -> log.debug("{} is nothing to a runner", told.method());
    }
  }

  private void detached(WireClient client, String reason) {
    hold.end(client);
    if (reason.equals("interrupted")) {
      // While its node was cut off; the connection is good.
      join(client).subscribe(null, cause -> leave(cause, Duration.ZERO));
    } else {
      leave(
          new WorkException(
              "swarm: %s is not this runner's any more: %s"
                  .formatted(workshop.settings().membership().swarm(), reason)),
          Duration.ZERO);
    }
  }

  private void take(Lease lease) {
    CommandAttempt present = runs.get(lease.key());
    if (present != null && present.stopped() != CommandAttempt.Stop.FENCED) {
      return;
    }
    // A Redis that lost data gives the number of an attempt again whose command is about to end.
    if (present != null || isStopping) {
      reports.givenBack(lease.key()).subscribe();
      return;
    }
    CommandAttempt run = new CommandAttempt(lease, workshop);
    runs.put(lease.key(), run);
    run.outcome()
        .flatMap(outcome -> reports.ended(run, outcome).thenReturn(outcome))
        .publishOn(workshop.blocking())
        .doOnNext(
            outcome ->
                workshop
                    .directories()
                    .leave(lease.key(), outcome instanceof CommandOutcome.Completed))
        .publishOn(workshop.loop())
        .subscribe(rest::note, failure -> lost(lease.key(), failure), () -> done(lease.key()));
  }

  /** Nothing that goes wrong with one keeps its slot. */
  private void lost(TaskKey key, Throwable failure) {
    log.warn("{}: what was left to do at its end failed: {}", key, failure.toString());
    done(key);
  }

  private void done(TaskKey key) {
    runs.remove(key);
    if (isStopping && runs.isEmpty()) {
      finish();
    } else {
      want();
    }
  }

  /** Asks for as many tasks as there are free slots. */
  private void want() {
    WireClient client = hold.client();
    int n = workshop.settings().membership().slots() - runs.size() - credit;
    if (client == null || isStopping || n <= 0) {
      return;
    }
    Duration left = rest.left();
    if (!left.isZero()) {
      after(left, this::want);
      return;
    }
    credit += n;
    String swarm = workshop.settings().membership().swarm();
    client
        .call("task.request", Json.of(Map.of("swarmId", swarm, "n", n, "autoExtend", true)))
        .publishOn(workshop.loop())
        .subscribe(granted -> granted(client), refusal -> notGranted(client, n, refusal));
  }

  private void granted(WireClient client) {
    isRenewed |= client == hold.client();
  }

  private void notGranted(WireClient client, int n, Throwable refusal) {
    if (client != hold.client() || refusal instanceof NotReachedException) {
      return; // attaching again begins without credit
    }
    log.warn("asking for tasks was refused: {}", refusal.getMessage());
    credit = Math.max(0, credit - n);
    after(AFTER_A_REFUSAL, this::want);
  }

  private void fenced(TaskKey key) {
    CommandAttempt run = runs.get(key);
    if (run != null) {
      run.stop(CommandAttempt.Stop.FENCED);
    }
  }

  /** Takes nothing new, and lets what runs go on for a while; then gives it back. */
  void stop() {
    workshop.loop().schedule(() -> leave(null, workshop.commands().drain()));
  }

  /**
   * @param cause why it cannot go on; null when it was told to stop
   * @param drain how long commands may go on
   */
  private void leave(@Nullable Throwable cause, Duration drain) {
    if (isStopping) {
      return;
    }
    isStopping = true;
    failure = cause;
    CommandAttempt.Stop reason =
        cause == null ? CommandAttempt.Stop.GIVEN_BACK : CommandAttempt.Stop.FENCED;
    if (runs.isEmpty()) {
      finish();
      return;
    }
    log.info("stopping; {} tasks have {} to end", runs.size(), drain);
    after(drain, () -> List.copyOf(runs.values()).forEach(run -> run.stop(reason)));
    after(drain.plus(workshop.commands().killAfter()).plus(LAST_WORDS), this::finish);
  }

  /** What could not be reported is told by the swarm's own end. */
  private void finish() {
    if (isFinished) {
      return;
    }
    isFinished = true;
    goodbye()
        .timeout(LAST_WORDS, workshop.loop())
        .onErrorResume(
            refusal -> {
              log.warn("the swarm is still registered: {}", refusal.getMessage());
              return Mono.empty();
            })
        .subscribe(null, null, this::ended);
  }

  private Mono<Void> goodbye() {
    WireClient client = hold.client();
    if (client == null) {
      return Mono.empty();
    }
    return failure == null ? joining.leave(client).then(client.close()) : client.close();
  }

  private void ended() {
    // The first end counts.
    if (failure == null) {
      end.tryEmitEmpty();
    } else {
      end.tryEmitError(failure);
    }
  }

  private void after(Duration delay, Runnable action) {
    workshop.loop().schedule(action, delay.toMillis(), TimeUnit.MILLISECONDS);
  }
}
