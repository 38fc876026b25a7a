package io.multiswarm.server.demo;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.server.client.Tree;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/** What goes wrong, and what becomes of it. */
final class Mishaps {

  private static final String TASK = "acceptance-tests";

  private final Cast cast;
  private final Narrator narrator;

  Mishaps(Cast cast, Narrator narrator) {
    this.cast = cast;
    this.narrator = narrator;
  }

  /** Frontend and devops are able to do the task; whoever gets it first is killed. */
  Mono<Void> killAWorker() {
    Map<String, Object> task =
        Map.of(
            "id",
            TASK,
            "description",
            "Run the acceptance tests",
            "type",
            DemoSwarm.SLOW,
            "capabilities",
            List.of("testing"));
    return cast.frontend()
        .ready(1)
        .then(cast.devops().ready(1))
        .then(cast.observer().call("task.submit", Map.of("task", task)))
        .then(Mono.defer(this::firstWorker))
        .delayUntil(victim -> narrator.pause())
        .doOnNext(
            victim -> {
              narrator.say("%s is killed: its connection ends without a goodbye", victim.id());
              victim.die();
            })
        .delayUntil(this::interrupted)
        .delayUntil(victim -> cast.observer().call("task.await", Map.of("taskId", TASK)))
        .delayUntil(victim -> narrator.pause())
        .flatMap(this::lateReport);
  }

  private Mono<DemoSwarm> firstWorker() {
    return Mono.firstWithSignal(assigned(cast.frontend()), assigned(cast.devops()));
  }

  private static Mono<DemoSwarm> assigned(DemoSwarm swarm) {
    return swarm
        .player()
        .first("task.assigned", given -> given.text("task.id").equals(TASK))
        .thenReturn(swarm);
  }

  private Mono<Void> interrupted(DemoSwarm swarm) {
    return cast.observer()
        .firstMessage("swarm_interrupted", heard -> isAbout(heard, swarm))
        .doOnNext(
            heard ->
                narrator.say(
                    "it does not come back within its grace of 2 s: %s is interrupted, what it had"
                        + " goes to others",
                    swarm.id()))
        .then();
  }

  private static boolean isAbout(Tree heard, DemoSwarm swarm) {
    return heard.text("message.payload.data.swarmId").equals(swarm.id());
  }

  private Mono<Void> lateReport(DemoSwarm victim) {
    return victim
        .comeBack()
        .doOnNext(
            attached -> narrator.say("%s is started again, and says that it is done", victim.id()))
        .then(victim.report(TASK, 1))
        .then(
            Mono.<Void>error(
                () ->
                    new IllegalStateException("a report of an attempt that is over was accepted")))
        .onErrorResume(
            refusal -> CoordinationException.is(refusal, ErrorCode.FENCED),
            refusal -> {
              narrator.say(
                  "it is too late, and refused: FENCED, %s", String.valueOf(refusal.getMessage()));
              return Mono.empty();
            });
  }

  Mono<Void> vote() {
    Map<String, Object> conflict =
        Map.of(
            "type",
            "deployment_window",
            "swarmA",
            cast.backend().id(),
            "swarmB",
            cast.devops().id(),
            "strategy",
            "voting",
            "quorum",
            cast.swarms().size());
    return cast.observer()
        .call("conflict.resolve", conflict)
        .doOnNext(
            decided ->
                narrator.say(
                    "%s wins over %s: %s",
                    decided.text("winner"), decided.text("loser"), decided.text("votes")))
        .then();
  }

  Mono<Void> restore() {
    DemoSwarm backend = cast.backend();
    Player player = backend.player();
    String id = backend.id();
    return save("ready to deploy", List.of("auth", "users"))
        .then(player.call("snapshot.create", Map.of("swarmId", id, "label", "before_deployment")))
        .delayUntil(
            copy -> {
              narrator.say("it takes a snapshot, before_deployment");
              return narrator.pause();
            })
        .delayUntil(copy -> save("?", List.of()))
        .delayUntil(copy -> narrator.pause())
        .flatMap(
            copy ->
                player.call(
                    "snapshot.restore",
                    Map.of("swarmId", id, "snapshotId", copy.text("snapshotId"))))
        .flatMap(restored -> player.call("state.load", Map.of("swarmId", id)))
        .doOnNext(
            now ->
                narrator.say(
                    "the snapshot is restored as version %s: %s",
                    now.text("version"), now.text("state")))
        .then();
  }

  private Mono<Void> save(String phase, List<String> done) {
    Map<String, Object> state = Map.of("phase", phase, "done", done);
    return cast.backend()
        .player()
        .call("state.save", Map.of("swarmId", cast.backend().id(), "state", state))
        .doOnNext(
            saved ->
                narrator.say(
                    "backend saves version %s of its state: phase \"%s\"",
                    saved.text("version"), phase))
        .then();
  }

  Mono<Void> recover() {
    DemoSwarm backend = cast.backend();
    return Mono.fromRunnable(
            () -> {
              narrator.say("backend is killed");
              backend.die();
            })
        .then(Mono.defer(() -> interrupted(backend)))
        .then(Mono.defer(this::nextLeader))
        .then(narrator.pause())
        .then(Mono.defer(backend::comeBack))
        .then(backend.player().call("swarm.recover", Map.of("swarmId", backend.id())))
        .doOnNext(this::tellRecovery)
        .then();
  }

  private Mono<Void> nextLeader() {
    return cast.observer()
        .firstMessage(
            "leadership_announcement",
            heard ->
                !heard.at("message.payload.data.swarmId").text().isEmpty()
                    && !isAbout(heard, cast.backend()))
        .doOnNext(
            heard ->
                narrator.say(
                    "%s leads now, epoch %s: whatever the old leader still sent would be refused",
                    heard.text("message.payload.data.swarmId"),
                    heard.text("message.payload.data.epoch")))
        .then();
  }

  private void tellRecovery(Tree recovery) {
    narrator.say(
        "backend is started again on its key, and recovered from its %s:", recovery.text("source"));
    narrator.say("  %s", recovery.text("state"));
    narrator.say(
        "  confidence %s; to do next: %s",
        recovery.text("recoveryPlan.confidence"), recovery.text("recoveryPlan.nextActions"));
  }
}
