package io.multiswarm.load.tasks;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.load.client.Envelopes;
import io.multiswarm.load.client.ServerNotification.Assignment;
import io.multiswarm.load.client.ServerNotification.Stamp;
import io.multiswarm.load.client.StampedData;
import io.multiswarm.load.client.TaskNames;
import io.multiswarm.load.embedded.EmbeddedNode;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.tasks.NewTask;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The library in this process. */
final class EmbeddedTaskTransport implements TaskTransport {

  private static final Json RESULT = Json.trusted("{\"ok\":true}");

  private final StampedData data;
  private final TaskTerms terms;
  private final EmbeddedNode node;
  private final TaskNames names = new TaskNames();

  EmbeddedTaskTransport(StampedData data, TaskTerms terms, URI redis) {
    this.data = data;
    this.terms = terms;
    this.node = new EmbeddedNode(redis);
  }

  @Override
  public String name() {
    return "embedded";
  }

  @Override
  public Mono<List<TaskSession>> open() {
    return node.open(Flux.range(0, terms.swarms()).map(this::swarm))
        .then(Mono.fromSupplier(() -> List.of(new AllSwarms())));
  }

  private NewSwarm swarm(int number) {
    Object metadata = terms.kinds().profile(number, terms.swarms()).get("metadata");
    NewSwarm swarm = EmbeddedNode.newSwarm(number);
    return metadata == null ? swarm : swarm.withMetadata(Json.of(metadata));
  }

  @Override
  public Mono<String> describe(long task) {
    return node.coordination()
        .tasks()
        .get(names.of(task))
        .map(found -> "accepted and not completed: " + found.toJson())
        .onErrorMap(CoordinationException.class, EmbeddedNode.fault("get"));
  }

  @Override
  public Mono<Void> broken() {
    return Mono.never();
  }

  @Override
  public Mono<Void> close() {
    return node.close();
  }

  private final class AllSwarms extends SingleTaskSession {

    AllSwarms() {
      super(
          IntStream.range(0, terms.swarms()).mapToObj(EmbeddedNode::swarm).toList(),
          node.scheduler());
    }

    /** Its end is that of the swarm, which comes with the transport's. */
    @Override
    public void listen(Consumer<Assignment> listener) {
      for (Ownership owner : node.owners()) {
        node.hold(
            node.coordination()
                .workers()
                .received(owner)
                .subscribe(given -> listener.accept(read(given)), end -> {}));
      }
    }

    private Assignment read(io.multiswarm.tasks.Assignment given) {
      return new Assignment(
          given.swarmId(), given.attempt(), Envelopes.stampOfTask(given.task().bytes()));
    }

    @Override
    public Mono<Void> submit(String from, Stamp stamp) {
      return Mono.defer(() -> node.coordination().tasks().submit(from, task(stamp)))
          .onErrorMap(CoordinationException.class, EmbeddedNode.fault("submit"))
          .then();
    }

    private NewTask task(Stamp stamp) {
      long number = stamp.number();
      String strategy = terms.strategy();
      return NewTask.builder("carry load")
          .id(names.of(number))
          .strategy(strategy.isEmpty() ? null : strategy)
          .capabilities(terms.kinds().capabilities(number, terms.swarms()))
          .priority(terms.kinds().priority(number))
          .data(Json.trusted(data.write(stamp)))
          .build();
    }

    @Override
    public Mono<Void> request(String swarm, int n) {
      return Mono.defer(() -> node.coordination().workers().request(node.owner(swarm), n, true))
          .onErrorMap(CoordinationException.class, EmbeddedNode.fault("request"))
          .then();
    }

    @Override
    public Mono<Void> complete(Assignment given) {
      String task = names.of(given.stamp().number());
      return Mono.defer(
              () ->
                  node.coordination()
                      .workers()
                      .complete(node.owner(given.swarm()), task, given.attempt(), RESULT))
          .onErrorMap(CoordinationException.class, EmbeddedNode.fault("complete"));
    }
  }
}
