package io.multiswarm.load.tasks;

import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.ServerNotification.Assignment;
import io.multiswarm.load.client.ServerNotification.Stamp;
import io.multiswarm.load.client.SimulatedSwarms;
import io.multiswarm.load.client.StampedData;
import io.multiswarm.load.client.SwarmClient;
import io.multiswarm.load.client.TaskNames;
import io.multiswarm.load.client.Tasking;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;

/** Over the server's WebSocket: each session is a connection. */
final class WebSocketTaskTransport implements TaskTransport {

  private final SimulatedSwarms fleet;
  private final StampedData data;
  private final TaskTerms terms;
  private final TaskNames names = new TaskNames();

  /** One of each fleet. */
  private final Map<String, SwarmClient> clients = new ConcurrentHashMap<>();

  WebSocketTaskTransport(SimulatedSwarms fleet, StampedData data, TaskTerms terms) {
    this.fleet = fleet;
    this.data = data;
    this.terms = terms;
  }

  @Override
  public String name() {
    return "websocket";
  }

  @Override
  public Mono<List<TaskSession>> open() {
    return fleet
        .assemble(member -> Mono.empty())
        .doOnNext(member -> clients.put(fleet.fleet(member.firstSwarm()), member.client()))
        .map(member -> (TaskSession) new Session(member))
        .collectList();
  }

  @Override
  public Mono<String> describe(long task) {
    String id = names.of(task);
    return clients.values().stream()
        .map(client -> ask(client, id))
        .reduce((here, elsewhere) -> here.onErrorResume(Fault.class, unknown -> elsewhere))
        .orElse(Mono.empty());
  }

  private static Mono<String> ask(SwarmClient client, String id) {
    return client.request("task.get", Map.of("taskId", id)).map(told -> describe(id, told));
  }

  private static String describe(String id, JsonNode told) {
    JsonNode task = told.path("task");
    return "%s was accepted and is %s at %s after %s attempts: %s"
        .formatted(
            id,
            task.path("status").asString("without a status"),
            task.path("swarmId").asString("no swarm"),
            task.path("attempts"),
            task.path("history"));
  }

  @Override
  public Mono<Void> broken() {
    return fleet.broken();
  }

  @Override
  public Mono<Void> close() {
    return fleet.dismiss();
  }

  private final class Session implements TaskSession {

    /** Submissions and reports together stay below the 64 requests that a session may have. */
    private static final int CALLS_AT_ONCE = 28;

    private final SimulatedSwarms.Member member;
    private final Tasking tasking;

    Session(SimulatedSwarms.Member member) {
      this.member = member;
      this.tasking = new Tasking(member.client(), data, terms::json);
    }

    @Override
    public int index() {
      return member.index();
    }

    @Override
    public List<String> swarms() {
      return member.swarms();
    }

    @Override
    public int firstSwarm() {
      return member.firstSwarm();
    }

    @Override
    public Scheduler scheduler() {
      return member.client().scheduler();
    }

    @Override
    public int callsAtOnce() {
      return CALLS_AT_ONCE;
    }

    @Override
    public void listen(Consumer<Assignment> listener) {
      member
          .notifications()
          .subscribe(
              notification -> {
                if (notification instanceof Assignment assignment) {
                  listener.accept(assignment);
                }
              });
    }

    @Override
    public Mono<Void> submit(String from, Stamp stamp) {
      return tasking.submit(from, names.of(stamp.number()), stamp);
    }

    @Override
    public Mono<Void> request(String swarm, int n) {
      return tasking.request(swarm, n);
    }

    @Override
    public Mono<Void> complete(Assignment given) {
      return tasking.complete(given.swarm(), names.of(given.stamp().number()), given.attempt());
    }
  }
}
