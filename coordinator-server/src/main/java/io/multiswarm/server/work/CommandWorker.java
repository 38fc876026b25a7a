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

  /** Why a swarm is lost on a good connection: its node was cut off, or Redis lost its data. */
  private static final Set<String> PASSING = Set.of("interrupted", "not registered any more");

  private static final CommandOutcome.Failed DIED =
      new CommandOutcome.Failed("the runner died", true);

  private final Workshop workshop;
  private final Link link;
  private final Joining joining;
  private final SwarmHold hold;
  private final TaskReports reports;
  private final Map<TaskKey, CommandAttempt> runs = new LinkedHashMap<>();
  private final Renewals renewals;
  private final Credit credit;
  private final Sinks.Empty<Void> end = Sinks.empty();

  private boolean isJoining;
  private boolean hasJoined;
  private boolean isStopping;
  private boolean isFinished;
  private @Nullable Throwable failure;

  CommandWorker(Workshop workshop) {
    this.workshop = workshop;
    this.link = new Link(workshop.settings().endpoints(), workshop.loop(), workshop.blocking());
    this.joining = new Joining(workshop, link);
    this.hold = new SwarmHold(workshop, link);
    this.reports = new TaskReports(hold);
    this.renewals = new Renewals(hold, runs, workshop.loop());
    int slots = workshop.settings().membership().slots();
    this.credit = new Credit(workshop, hold, () -> isStopping ? 0 : slots - runs.size());
  }

  /** Works until it is told to stop; fails when it cannot go on. */
  Mono<Void> run() {
    return Mono.using(
        () ->
            Flux.interval(BEAT, workshop.loop())
                .subscribe(tick -> renewals.beat(credit.isRenewed())),
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
    client
        .told()
        .publishOn(workshop.loop())
        .subscribe(told -> told(client, told), ended -> unheard(client, ended));
    return Flux.concat(join(client).thenReturn(true).flux(), client.closed().cast(Boolean.class))
        .publishOn(workshop.loop())
        .doFinally(ended -> hold.end(client))
        .onErrorResume(lost -> isFinished, lost -> Flux.never());
  }

  /** The end of the connection, which closed() tells; or it said what cannot be read. */
  private static void unheard(WireClient client, Throwable ended) {
    log.debug("nothing more is heard: {}", ended.toString());
    client.abandon();
  }

  private Mono<Void> join(WireClient client) {
    return joining
        .join(client)
        .doOnSubscribe(begun -> isJoining = true)
        .doFinally(ended -> isJoining = false)
        .doOnNext(leases -> joined(client, leases))
        .then();
  }

  private void joined(WireClient client, List<Lease> leases) {
    log.info("works for swarm: {}", workshop.settings().membership().swarm());
    credit.begin();
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
    credit.want();
  }

  private void told(WireClient client, Told told) {
    Map<String, Json> params = told.params().members();
    switch (told.method()) {
      case "task.assigned" -> {
        credit.used();
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
    if (PASSING.contains(reason)) {
      join(client).subscribe(null, this::notJoined);
    } else {
      leave(
          new WorkException(
              "swarm: %s is not this runner's any more: %s"
                  .formatted(workshop.settings().membership().swarm(), reason)),
          Duration.ZERO);
    }
  }

  /** A connection that was lost meanwhile is followed by another one. */
  private void notJoined(Throwable cause) {
    if (!(cause instanceof NotReachedException)) {
      leave(cause, Duration.ZERO);
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
        .subscribe(credit::note, failure -> lost(lease.key(), failure), () -> done(lease.key()));
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
      credit.want();
    }
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
    // A swarm that is just being registered would stay so, and its key be known to nobody.
    Mono<WireClient> last = isJoining ? hold.attached() : Mono.justOrEmpty(hold.client());
    return last.flatMap(
        client -> failure == null ? joining.leave(client).then(client.close()) : client.close());
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
