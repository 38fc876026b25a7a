package io.multiswarm.server.demo;

import io.multiswarm.server.client.Tree;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/**
 * A swarm that works on what it is given and answers when it is asked. Of tasks of the type {@link
 * #SLOW} it never finishes the first attempt: it dies before.
 */
final class DemoSwarm {

  /** A task that takes longer than its first worker lives. */
  static final String SLOW = "slow";

  private final Player player;
  private final Narrator narrator;
  private final Set<String> votedIn = ConcurrentHashMap.newKeySet();
  private volatile String key = "";

  DemoSwarm(Player player, Narrator narrator) {
    this.player = player;
    this.narrator = narrator;
  }

  String id() {
    return player.id();
  }

  Player player() {
    return player;
  }

  /** Connects, and becomes a swarm. */
  Mono<Void> register(String objective, List<String> capabilities) {
    Map<String, Object> swarm =
        Map.of(
            "id",
            id(),
            "objective",
            objective,
            "strategy",
            "development",
            "metadata",
            Map.of("capabilities", capabilities, "priority", "high"));
    return player
        .connect()
        .then(player.call("swarm.create", swarm))
        .doOnNext(made -> key = made.text("key"))
        .doOnNext(
            made ->
                narrator.say(
                    "%s registers: \"%s\", able to do %s",
                    id(), objective, String.join(" and ", capabilities)))
        .then(listen());
  }

  /** A new process takes the swarm over with its key. */
  Mono<Tree> comeBack() {
    return player
        .connect()
        .then(player.call("swarm.attach", Map.of("swarmId", id(), "key", key)))
        .delayUntil(attached -> listen());
  }

  private Mono<Void> listen() {
    return Mono.fromRunnable(
            () -> {
              player.always("task.assigned", this::work);
              player.always("channel.message", this::answer);
              player.always("conflict.vote_requested", this::vote);
            })
        .then(player.subscribe("swarm:" + id()))
        .then(player.subscribe("swarm:global"));
  }

  /** Is ready for as many tasks, of which the server keeps the leases while it lives. */
  Mono<Void> ready(int tasks) {
    return player
        .call("task.request", Map.of("swarmId", id(), "n", tasks, "autoExtend", true))
        .then();
  }

  private Mono<Void> work(Tree assigned) {
    String description = assigned.text("task.description");
    long attempt = assigned.number("attempt");
    narrator.say(
        "%s is given \"%s\"%s", id(), description, attempt > 1 ? ", attempt " + attempt : "");
    if (assigned.text("task.type").equals(SLOW) && attempt == 1) {
      return Mono.empty();
    }
    return narrator
        .pause()
        .then(report(assigned.text("task.id"), attempt))
        .doOnNext(done -> narrator.say("%s has done \"%s\"", id(), description))
        .then();
  }

  /** Says that a task is done. */
  Mono<Tree> report(String taskId, long attempt) {
    return player.call(
        "task.complete",
        Map.of("swarmId", id(), "taskId", taskId, "attempt", attempt, "result", "done by " + id()));
  }

  private Mono<Void> answer(Tree heard) {
    Tree message = heard.at("message");
    if (!message.text("payload.type").equals(Story.QUESTION)) {
      return Mono.empty();
    }
    narrator.say("%s is asked by %s, and answers", id(), message.text("swarmId"));
    return player
        .call(
            "message.reply",
            Map.of(
                "from",
                id(),
                "requestId",
                message.text("payload.requestId"),
                "data",
                List.of("/api/auth", "/api/users")))
        .then();
  }

  /**
   * For itself when it is one of the two, else for the first; once, though it may be asked again.
   */
  private Mono<Void> vote(Tree asked) {
    if (!votedIn.add(asked.text("conflictId"))) {
      return Mono.empty();
    }
    String choice = asked.text("swarmB").equals(id()) ? id() : asked.text("swarmA");
    narrator.say("%s votes for %s", id(), choice);
    return player
        .call(
            "conflict.vote",
            Map.of("conflictId", asked.text("conflictId"), "swarmId", id(), "choice", choice))
        .then();
  }

  /** Its process is killed. */
  void die() {
    player.die();
  }
}
