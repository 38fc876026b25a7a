package io.multiswarm.load.floods;

import io.multiswarm.load.client.Disconnected;
import io.multiswarm.load.client.Fault;
import io.multiswarm.load.client.SwarmClient;
import io.multiswarm.load.report.Tally;
import io.multiswarm.load.scenario.ScenarioContext;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Calls of every method with parameters that make no sense, each of which must be answered. */
final class WrongCalls {

  private static final int AT_ONCE = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Those that, with nothing that makes sense, change nothing for others. */
  private static final List<String> METHODS =
      words(
          "channel.history channel.request channel.subscribe channel.unsubscribe"
              + " checkpoint.create checkpoint.list conflict.resolve conflict.vote"
              + " message.broadcast message.publish message.reply message.request message.send"
              + " resource.allocate resource.define resource.list resource.release"
              + " session.ping session.refresh snapshot.create snapshot.delete snapshot.list"
              + " snapshot.restore state.delete state.load state.save state.update"
              + " stats.subscribe swarm.attach swarm.create swarm.deregister swarm.get"
              + " swarm.heartbeat swarm.list swarm.recover swarm.update"
              + " task.adopt task.await task.cancel task.complete task.explain task.extend"
              + " task.fail task.get task.list task.release task.request task.retry task.submit"
              + " task.watch");

  private static final List<String> MEMBERS =
      words(
          "swarmId from to id taskId channel type task state data key n attempt amount total"
              + " conflictId choice objective limit cursor snapshotId checkpointId requestId"
              + " timeoutMs waitMs metadata result reason token");

  private final ScenarioContext context;
  private final Tally answers;
  private final Tally defects;

  /**
   * @param answers how calls were answered
   * @param defects what is no answer to a wrong call
   */
  WrongCalls(ScenarioContext context, Tally answers, Tally defects) {
    this.context = context;
    this.answers = answers;
    this.defects = defects;
  }

  private static List<String> words(String text) {
    return Arrays.asList(text.split(" "));
  }

  private record Call(String method, Object params) {}

  /** All of them once; each method by a client of its own. */
  Mono<Void> all() {
    return Flux.fromIterable(METHODS).concatMap(this::ofMethod, 1).then();
  }

  private Mono<Void> ofMethod(String method) {
    return Mono.usingWhen(
        context.connector().connect(context.url()).delayUntil(SwarmClient::open),
        client ->
            Flux.fromStream(params())
                .flatMap(params -> answered(client, new Call(method, params)), AT_ONCE)
                .then(),
        client -> client.close().onErrorComplete());
  }

  /** No members, and each member something else than it should be. */
  private static Stream<Object> params() {
    Stream<Object> values =
        Stream.of(
            -1, 1e300, true, "", " ", "\u0000", "x".repeat(5_000), List.of(List.of()), Map.of());
    return Stream.concat(Stream.of(Map.of(), List.of(1)), values.map(WrongCalls::all));
  }

  private static Map<String, Object> all(Object value) {
    Map<String, Object> params = new LinkedHashMap<>();
    MEMBERS.forEach(member -> params.put(member, value));
    return params;
  }

  private Mono<Void> answered(SwarmClient client, Call call) {
    return client
        .request(call.method(), call.params())
        .timeout(PATIENCE, context.clock())
        .doOnNext(result -> answers.add("answered"))
        .onErrorResume(error -> Mono.fromRunnable(() -> judge(call, error)))
        .then();
  }

  private void judge(Call call, Throwable error) {
    if (error instanceof Fault fault) {
      answers.add("refused with " + fault.name());
      if (MalformedScenario.BROKEN.contains(fault.name())) {
        defects.add("expected a refusal of what is wrong, observed: " + fault.getMessage());
      }
    } else if (error instanceof Disconnected) {
      answers.add("closed");
    } else if (error instanceof TimeoutException) {
      defects.add("expected an answer to a wrong %s, observed none".formatted(call.method()));
    } else {
      defects.add("expected an answer to a wrong %s, observed %s".formatted(call.method(), error));
    }
  }
}
