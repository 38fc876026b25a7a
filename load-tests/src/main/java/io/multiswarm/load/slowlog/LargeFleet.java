package io.multiswarm.load.slowlog;

import io.multiswarm.load.client.ServerNotification.Event;
import io.multiswarm.load.client.SimulatedSwarms;
import io.multiswarm.load.scenario.ScenarioContext;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Many swarms; those of the first session do what is large. */
final class LargeFleet {

  private static final int AT_ONCE = 32;
  private static final int READY_EACH = 10;
  private static final int PHRASES = 100;

  private final SlowlogScenario.Plan plan;
  private final AtomicLong refused;
  private final ScenarioContext context;
  private final SimulatedSwarms fleet;
  private final Large large;
  private final LargeTasks tasks;

  LargeFleet(SlowlogScenario.Plan plan, AtomicLong refused, URI url, ScenarioContext context) {
    this.plan = plan;
    this.refused = refused;
    this.context = context;
    this.large = new Large(plan.bytes());
    this.tasks = new LargeTasks(plan.large(), large, refused, url, context);
    this.fleet =
        new SimulatedSwarms(
            context.connector(), url, SlowlogScenario.size(plan), LargeFleet::profile);
  }

  private static Map<String, Object> profile(int number) {
    return Map.of(
        "objective",
        "phrase " + number % PHRASES,
        "metadata",
        Map.of("capabilities", List.of("able-" + number % PHRASES)));
  }

  /** All of it, once. */
  Mono<Void> live(PhaseLog log) {
    return fleet
        .assemble(this::ready)
        .collectSortedList((a, b) -> Integer.compare(a.index(), b.index()))
        .flatMap(members -> live(members, log));
  }

  /** One swarm in so many wants tasks, so that there is somebody to plan for. */
  private Mono<Void> ready(SimulatedSwarms.Member member) {
    Caller caller = caller(member);
    member
        .notifications()
        .ofType(Event.class)
        .filter(event -> event.method().equals("conflict.vote_requested"))
        .flatMap(asked -> vote(asked, caller), AT_ONCE)
        .subscribe();
    return Flux.fromIterable(member.swarms())
        .index()
        .filter(swarm -> swarm.getT1() % READY_EACH == 0)
        .flatMap(
            swarm -> caller.call("task.request", Map.of("swarmId", swarm.getT2(), "n", 2)), AT_ONCE)
        .then();
  }

  /** Some come after the end. */
  private static Mono<Void> vote(Event asked, Caller caller) {
    return caller
        .client()
        .request(
            "conflict.vote",
            Map.of(
                "conflictId", asked.params().path("conflictId").asString(),
                "swarmId", asked.params().path("swarmId").asString(),
                "choice", asked.params().path("swarmA").asString()))
        .onErrorComplete()
        .then();
  }

  private Mono<Void> live(List<SimulatedSwarms.Member> members, PhaseLog log) {
    Caller first = caller(members.get(0));
    List<String> swarms = members.get(0).swarms();
    var messages = new LargeMessages(large, plan.large());
    var lists = new LargeLists();
    return log.begin("lanes")
        .then(lanes(members))
        .then(log.begin("large tasks"))
        .then(tasks.play(first, context))
        .then(log.begin("large states"))
        .then(new LargeStates(large).play(swarms.subList(0, plan.large()), first))
        .then(log.begin("large messages"))
        .then(messages.play(swarms.get(0), swarms.get(1), first))
        .then(log.begin("resources and votes"))
        .then(lists.contend(swarms, first))
        .then(log.begin("lists"))
        .then(lists.read(first));
  }

  /** Each has a task that takes what nobody is able to do. */
  private Mono<Void> lanes(List<SimulatedSwarms.Member> members) {
    List<Caller> callers = members.stream().map(this::caller).toList();
    return Caller.each(
        plan.lanes(),
        AT_ONCE * 2,
        lane ->
            callers
                .get(lane % callers.size())
                .call(
                    "task.submit",
                    Map.of(
                        "task",
                        Map.of(
                            "id",
                            "lane-" + lane,
                            "description",
                            "nobody's",
                            "capabilities",
                            List.of("lane-" + lane)))));
  }

  private Caller caller(SimulatedSwarms.Member member) {
    return new Caller(member.client(), refused);
  }
}
