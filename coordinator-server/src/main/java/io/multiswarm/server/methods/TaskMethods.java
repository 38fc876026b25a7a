package io.multiswarm.server.methods;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.server.auth.Principal;
import io.multiswarm.server.auth.Right;
import io.multiswarm.server.auth.Rights;
import io.multiswarm.server.auth.TaskOwner;
import io.multiswarm.server.auth.TaskOwners;
import io.multiswarm.server.protocol.Answers;
import io.multiswarm.server.protocol.JsonObject;
import io.multiswarm.server.session.Call;
import io.multiswarm.server.session.MethodTable;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.tasks.Task;
import io.multiswarm.tasks.TaskQueue;
import io.multiswarm.tasks.TaskQueue.Submission;
import io.multiswarm.tasks.TaskQueue.SubmitResult;
import io.multiswarm.tasks.TaskQueue.TaskUpdate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** {@code task.*} as submitters use it; {@link WorkMethods} has what workers use. */
final class TaskMethods implements MethodTable.Group {

  private static final int MOST_IN_BATCH = 1_000;
  private static final long LONGEST_WAIT = Duration.ofDays(1).toMillis();

  /** Adopting takes the same. */
  private static final Right CANCEL = Rights.ofTheProtocol().of("task.cancel");

  private final TaskQueue queue;

  TaskMethods(TaskQueue queue) {
    this.queue = queue;
  }

  /** Whose a task is, for rights that depend on it. */
  static TaskOwners owners(TaskQueue queue) {
    return taskId -> queue.get(taskId).map(TaskMethods::owner);
  }

  private static TaskOwner owner(Task task) {
    return new TaskOwner(task.principal(), task.from(), task.swarmId());
  }

  @Override
  public void addTo(MethodTable.Builder table) {
    table
        .method("task.submit", this::submit)
        .method("task.submitBatch", this::submitBatch)
        .large("task.get", this::get)
        .method("task.await", this::await)
        .method("task.cancel", this::cancel)
        .method("task.watch", this::watch)
        .method("task.retry", this::retry);
  }

  private Mono<Json> submit(Call call) {
    NewTask task =
        NewTask.read(call.params().object("task")).by(call.session().principal().provenName());
    return from(call).flatMap(from -> queue.submit(from.orNull(), task)).map(TaskMethods::accepted);
  }

  /** One task that cannot be read does not hinder the others. */
  private Mono<Json> submitBatch(Call call) {
    List<Json> given = call.params().list("tasks", MOST_IN_BATCH);
    List<Object> read =
        given.stream()
            .map(task -> readOrRefuse(task, call.session().principal().provenName()))
            .toList();
    List<NewTask> tasks =
        read.stream().filter(NewTask.class::isInstance).map(NewTask.class::cast).toList();
    return from(call)
        .flatMap(from -> queue.submitAll(from.orNull(), tasks))
        .doOnNext(TaskMethods::refuseUnlessAvailable)
        .map(results -> JsonObject.empty().and("results", inOrder(read, results)).json());
  }

  /** When Redis took none because it is away, that is the answer to the call, as to any other. */
  private static void refuseUnlessAvailable(List<SubmitResult> results) {
    for (SubmitResult result : results) {
      if (result.refusal() == null || !result.refusal().is(ErrorCode.UNAVAILABLE)) {
        return;
      }
    }
    if (!results.isEmpty()) {
      throw Objects.requireNonNull(results.get(0).refusal());
    }
  }

  /** Gives a {@link NewTask}, or the exception that refuses it. */
  private static Object readOrRefuse(Json task, @Nullable String principal) {
    try {
      return NewTask.read(task).by(principal);
    } catch (CoordinationException refusal) {
      return refusal;
    }
  }

  private static List<Json> inOrder(List<Object> read, List<SubmitResult> results) {
    List<Json> all = new ArrayList<>(read.size());
    int next = 0;
    for (Object one : read) {
      all.add(
          one instanceof CoordinationException refusal
              ? refused(refusal)
              : result(results.get(next++)));
    }
    return all;
  }

  private static Json result(SubmitResult result) {
    Submission submission = result.submission();
    CoordinationException refusal = result.refusal();
    if (submission != null) {
      return accepted(submission);
    }
    if (refusal == null) {
      throw new IllegalStateException("a result without submission and refusal");
    }
    return refused(refusal);
  }

  private static Json refused(CoordinationException refusal) {
    return JsonObject.with("error", Answers.error(refusal)).json();
  }

  private static Json accepted(Submission submission) {
    return JsonObject.with("taskId", submission.taskId())
        .and("status", submission.status().word())
        .json();
  }

  /** Who submits, proven; a Mono cannot carry null. */
  private record From(@Nullable String orNull) {}

  private static Mono<From> from(Call call) {
    return call.params().has("from")
        ? call.acting("from").map(owner -> new From(owner.swarmId()))
        : Mono.just(new From(null));
  }

  private Mono<Json> get(Call call) {
    Principal asking = call.session().principal();
    return queue
        .get(taskId(call))
        .map(
            task ->
                JsonObject.with("task", task.toFullJson())
                    .and("mayCancel", CANCEL.covers(asking, owner(task)))
                    .json());
  }

  private Mono<Json> await(Call call) {
    Duration timeout =
        call.params().has("timeoutMs")
            ? Duration.ofMillis(call.params().integer("timeoutMs", 1, LONGEST_WAIT))
            : null;
    return call.whileOpen(queue.await(taskId(call), timeout).map(TaskMethods::one));
  }

  private Mono<Json> cancel(Call call) {
    return queue
        .cancel(taskId(call), call.params().optionalString("reason"))
        .map(cancelled -> JsonObject.with("cancelled", cancelled).json());
  }

  private Mono<Json> retry(Call call) {
    return queue.retry(taskId(call)).map(status -> JsonObject.with("status", status.word()).json());
  }

  private Mono<Json> watch(Call call) {
    TaskWatches watches = TaskWatches.of(call.session());
    if (call.params().has("taskId")) {
      String taskId = taskId(call);
      return queue
          .get(taskId)
          .filter(task -> !task.status().isFinal())
          .doOnNext(task -> call.afterAnswer(() -> watch(call, watches, task)))
          .then(Mono.empty());
    }
    String from = call.swarmId("from");
    call.afterAnswer(
        () ->
            watches.submitter(
                from, queue.watchFrom(from), call.guard(JsonObject.with("from", from).json())));
    return Mono.empty();
  }

  /** From now on; and should it have moved on since it was looked at, that is told first. */
  private void watch(Call call, TaskWatches watches, Task seen) {
    Mono<TaskUpdate> missed =
        queue
            .get(seen.id())
            .filter(now -> now.status() != seen.status() || now.attempts() != seen.attempts())
            .map(Task::toUpdate);
    Disposable guard = call.guard(JsonObject.with("taskId", seen.id()).json());
    watches.task(seen.id(), queue.watch(seen.id()), missed, guard);
  }

  private static String taskId(Call call) {
    return Ids.check("taskId", call.params().string("taskId"));
  }

  private static Json one(Task task) {
    return JsonObject.with("task", task.toFullJson()).json();
  }
}
