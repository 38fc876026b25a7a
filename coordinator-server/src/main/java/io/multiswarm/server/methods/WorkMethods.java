package io.multiswarm.server.methods;

import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.protocol.Params;
import io.multiswarm.server.session.Call;
import io.multiswarm.server.session.MethodTable;
import io.multiswarm.server.session.Session;
import io.multiswarm.tasks.Assignment;
import io.multiswarm.tasks.Failure;
import io.multiswarm.tasks.TaskWorkers;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;

/** {@code task.*} as workers use it: credit in, assignments out, reports in. */
final class WorkMethods implements MethodTable.Group {

  private static final long MAX_ATTEMPT = (1L << 53) - 1;
  private static final long MAX_DELAY = Duration.ofDays(365).toMillis();

  private final TaskWorkers workers;

  WorkMethods(TaskWorkers workers) {
    this.workers = workers;
  }

  /** For {@code swarm.attach}: what the swarm still has. */
  Leases leases() {
    return new Leases() {
      @Override
      public Mono<List<Json>> of(Ownership owner) {
        return workers.held(owner).map(held -> held.stream().map(Assignment::toJson).toList());
      }

      @Override
      public void follow(Session session, Ownership owner) {
        TaskFeeds.of(session, workers).begin(owner);
      }
    };
  }

  @Override
  public void addTo(MethodTable.Builder table) {
    table
        .method("task.request", this::request)
        .method("task.extend", this::extend)
        .method("task.complete", this::complete)
        .method("task.fail", this::fail)
        .method("task.release", this::release);
  }

  private Mono<Json> request(Call call) {
    int n = (int) call.params().integer("n", 1, TaskWorkers.MAX_CREDIT);
    boolean autoExtend = call.params().bool("autoExtend", false);
    return acting(call)
        .flatMap(owner -> workers.request(owner, n, autoExtend))
        .map(credit -> JsonObject.with("credit", credit.longValue()).json());
  }

  private Mono<Json> extend(Call call) {
    Attempt attempt = Attempt.of(call);
    Json progress = call.params().optionalJson("progress");
    return acting(call)
        .flatMap(owner -> workers.extend(owner, attempt.taskId(), attempt.number(), progress))
        .map(lease -> JsonObject.with("leaseMs", lease.toMillis()).json());
  }

  private Mono<Json> complete(Call call) {
    Attempt attempt = Attempt.of(call);
    Json result = call.params().optionalJson("result");
    return acting(call)
        .flatMap(owner -> workers.complete(owner, attempt.taskId(), attempt.number(), result))
        .then(Mono.empty());
  }

  private Mono<Json> fail(Call call) {
    Attempt attempt = Attempt.of(call);
    Params params = call.params();
    Duration delay =
        params.has("delayMs") ? Duration.ofMillis(params.integer("delayMs", 0, MAX_DELAY)) : null;
    Failure failure = new Failure(params.json("error"), params.bool("retry", true), delay);
    return acting(call)
        .flatMap(owner -> workers.fail(owner, attempt.taskId(), attempt.number(), failure))
        .map(status -> JsonObject.with("status", status.word()).json());
  }

  private Mono<Json> release(Call call) {
    Attempt attempt = Attempt.of(call);
    return acting(call)
        .flatMap(owner -> workers.release(owner, attempt.taskId(), attempt.number()))
        .then(Mono.empty());
  }

  /** From its first call on, the session is told what its swarm is given and what is taken. */
  private Mono<Ownership> acting(Call call) {
    return call.acting("swarmId")
        .doOnNext(owner -> TaskFeeds.of(call.session(), workers).begin(owner));
  }

  private record Attempt(String taskId, long number) {
    static Attempt of(Call call) {
      return new Attempt(
          Ids.check("taskId", call.params().string("taskId")),
          call.params().integer("attempt", 1, MAX_ATTEMPT));
    }
  }
}
