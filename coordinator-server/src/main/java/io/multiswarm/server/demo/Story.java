package io.multiswarm.server.demo;

import io.multiswarm.server.client.Endpoint;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** What the fleet does while all is well; {@link Mishaps} are told after it. */
final class Story {

  static final String QUESTION = "which_endpoints";

  private static final List<DemoTask> TASKS =
      List.of(
          new DemoTask("Implement authentication", "security"),
          new DemoTask("Write the users' endpoints", "api"),
          new DemoTask("Build the login page", "browser"),
          new DemoTask("Build the users' page", "browser"),
          new DemoTask("Make the container image", "deploy"),
          new DemoTask("Set up monitoring", "deploy"));

  private final Narrator narrator;
  private final Cast cast;

  private record DemoTask(String description, String capability) {}

  Story(Endpoint server, Narrator narrator, Scheduler scheduler) {
    this.narrator = narrator;
    this.cast = Cast.of(server, narrator, scheduler);
  }

  /** Completes when it is told, and fails with what did not happen. */
  Mono<Void> play() {
    Mishaps mishaps = new Mishaps(cast, narrator);
    Mono<Void> told =
        Flux.concat(
                chapter("Three swarms register", register()),
                chapter("One of them leads", lead()),
                chapter("They talk", talk()),
                chapter("They work", work()),
                chapter("A worker is killed in the middle of a task", mishaps.killAWorker()),
                chapter("Two want the same thing, and all vote", mishaps.vote()),
                chapter("A snapshot is worth having", mishaps.restore()),
                chapter("The leader is killed, and a successor goes on", mishaps.recover()),
                chapter("What it came to", count()))
            .then();
    return Mono.firstWithSignal(
        told, Mono.when(cast.swarms().stream().map(swarm -> swarm.player().failure()).toList()));
  }

  private Mono<Void> chapter(String title, Mono<Void> events) {
    return narrator.pause().then(Mono.fromRunnable(() -> narrator.chapter(title))).then(events);
  }

  private Mono<Void> register() {
    Player observer = cast.observer();
    return observer
        .connect()
        .then(observer.subscribe("swarm:coordination"))
        .then(observer.subscribe("swarm:events"))
        .then(cast.backend().register("Build REST API", List.of("api", "security")))
        .then(narrator.pause())
        .then(cast.frontend().register("Build the web pages", List.of("browser", "testing")))
        .then(narrator.pause())
        .then(cast.devops().register("Bring it to production", List.of("deploy", "testing")));
  }

  private Mono<Void> lead() {
    return cast.observer()
        .firstMessage("leadership_announcement", any -> true)
        .doOnNext(
            heard ->
                narrator.say(
                    "%s is elected (epoch %s), and the server tells everybody on"
                        + " swarm:coordination; it hands tasks out",
                    heard.text("message.payload.data.swarmId"),
                    heard.text("message.payload.data.epoch")))
        .then();
  }

  private Mono<Void> talk() {
    Map<String, Object> question =
        Map.of(
            "from", cast.frontend().id(), "to", cast.backend().id(), "type", QUESTION, "data", "");
    Map<String, Object> news =
        Map.of(
            "from", cast.devops().id(), "type", "announcement", "data", "We deploy at six o'clock");
    return cast.frontend()
        .player()
        .call("message.request", question)
        .doOnNext(answer -> narrator.say("frontend hears: %s", answer.text("data")))
        .then(narrator.pause())
        .then(cast.devops().player().call("message.broadcast", news))
        .thenMany(Flux.just(cast.backend(), cast.frontend()))
        .concatMap(this::hearNews)
        .then();
  }

  private Mono<Void> hearNews(DemoSwarm swarm) {
    return swarm
        .player()
        .firstMessage("announcement", any -> true)
        .doOnNext(
            heard ->
                narrator.say(
                    "%s hears what %s tells all: \"%s\"",
                    swarm.id(), heard.text("message.swarmId"), heard.text("message.payload.data")))
        .then();
  }

  private Mono<Void> work() {
    List<Map<String, Object>> tasks =
        TASKS.stream()
            .<Map<String, Object>>map(
                one ->
                    Map.of(
                        "description",
                        one.description(),
                        "capabilities",
                        List.of(one.capability())))
            .toList();
    return cast.observer()
        .call("task.submitBatch", Map.of("tasks", tasks))
        .doOnNext(
            submitted ->
                narrator.say(
                    "%d tasks wait, each for somebody who is able to do it",
                    submitted.items("results").size()))
        .delayUntil(submitted -> narrator.pause())
        .delayUntil(
            submitted -> Flux.fromIterable(cast.swarms()).concatMap(swarm -> swarm.ready(2)))
        .flatMapIterable(submitted -> submitted.items("results"))
        .concatMap(one -> cast.observer().call("task.await", Map.of("taskId", one.text("taskId"))))
        .then(Mono.fromRunnable(() -> narrator.say("all %d are completed", TASKS.size())));
  }

  private Mono<Void> count() {
    return cast.observer()
        .call("stats.get", Map.of())
        .doOnNext(
            told ->
                narrator.say(
                    "%s swarms, %s messages, %s tasks handed out, %s recovery; nothing was lost",
                    told.text("registry.activeSwarms"),
                    told.text("messenger.messagesSent"),
                    told.text("tasks.tasksDistributed"),
                    told.text("state.recoveriesPerformed")))
        .then();
  }
}
