package io.multiswarm.internal.tasks.worker;

import io.multiswarm.common.Ids;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.NaturalBatcher;
import io.multiswarm.internal.redis.NaturalBatcher.Outcome;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.internal.tasks.store.Batches;
import io.multiswarm.internal.tasks.store.EndedTasks;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.internal.tasks.store.TaskRefusals;
import io.multiswarm.tasks.Failure;
import io.multiswarm.tasks.TaskSpec;
import io.multiswarm.tasks.TaskStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Sends what workers report on their attempts; completions and extensions many in one call. */
public final class Reports {

  private static final String NO_DETAIL = "";

  private final NodeContext context;
  private final TaskKeys keys;
  private final EndedTasks ended;
  private final NaturalBatcher<Report, Boolean> completions;
  private final NaturalBatcher<Report, Duration> extensions;

  /**
   * @param detail JSON: a result or progress; empty for none
   */
  private record Report(Ownership owner, String taskId, long attempt, String detail) {
    Report {
      Ids.check("taskId", taskId);
    }

    /** A character is three bytes at most, and mostly one. */
    int weight() {
      return 128 + detail.length();
    }

    RuntimeException refused(String word) {
      return TaskRefusals.ofReport(word, owner.swarmId(), taskId, attempt);
    }
  }

  public Reports(NodeContext context, TaskKeys keys, EndedTasks ended) {
    this.ended = ended;
    this.context = context;
    this.keys = keys;
    this.completions =
        new NaturalBatcher<>("task.complete", Batches.LIMITS, Report::weight, this::completeAll);
    this.extensions =
        new NaturalBatcher<>("task.extend", Batches.LIMITS, Report::weight, this::extendAll);
  }

  public Mono<Void> complete(Ownership owner, String taskId, long attempt, @Nullable Json result) {
    String value = result == null ? "null" : TaskSpec.oneLine(result);
    return Mono.fromSupplier(() -> new Report(owner, taskId, attempt, value))
        .flatMap(completions::submit)
        .then();
  }

  public Mono<Duration> extend(
      Ownership owner, String taskId, long attempt, @Nullable Json progress) {
    String value = progress == null ? NO_DETAIL : TaskSpec.oneLine(progress);
    return Mono.fromSupplier(() -> new Report(owner, taskId, attempt, value))
        .flatMap(extensions::submit);
  }

  public Mono<TaskStatus> fail(Ownership owner, String taskId, long attempt, Failure failure) {
    Duration delay = failure.delay();
    return end(
        new Report(owner, taskId, attempt, TaskSpec.oneLine(failure.error())),
        call ->
            call.arg("fail")
                .arg(TaskSpec.oneLine(failure.error()))
                .arg(failure.reason())
                .arg(failure.retry() ? 1 : 0)
                .arg(delay == null ? NO_DETAIL : Long.toString(delay.toMillis())));
  }

  public Mono<TaskStatus> release(Ownership owner, String taskId, long attempt) {
    return end(
        new Report(owner, taskId, attempt, NO_DETAIL),
        call -> call.arg("release").arg("null").arg("\"released\"").arg(1).arg(NO_DETAIL));
  }

  private Mono<TaskStatus> end(Report report, UnaryOperator<ScriptCall> details) {
    String swarm = report.owner().swarmId();
    ScriptCall call =
        context
            .appending(Script.TASK_FAIL)
            .keys(keys.common())
            .key(keys.record(swarm))
            .arg(context.options().tasks().deadRetention())
            .arg(report.taskId())
            .arg(swarm)
            .arg(report.owner().incarnation())
            .arg(report.attempt());
    return context
        .link()
        .run(details.apply(call))
        .flatMap(
            reply ->
                reply.isOk()
                    ? Mono.just(followed(Failed.from(reply)))
                    : Mono.error(report.refused(reply.status())));
  }

  /**
   * @param endedBytes what ended tasks take
   */
  @ReplyOf(Script.TASK_FAIL)
  private record Failed(TaskStatus status, long endedBytes) {

    static Failed from(ScriptReply reply) {
      return new Failed(TaskStatus.parse("status", reply.string(1)), reply.number(2));
    }
  }

  private TaskStatus followed(Failed failed) {
    ended.weigh(failed.endedBytes());
    return failed.status();
  }

  private Mono<List<Outcome<Boolean>>> completeAll(List<Report> reports) {
    ScriptCall call =
        context
            .appending(Script.TASK_COMPLETE)
            .keys(keys.common())
            .arg(context.options().tasks().endedRetention());
    for (Report report : reports) {
      call.key(keys.record(report.owner().swarmId()));
      addTo(call, report);
    }
    return context
        .link()
        .run(call)
        .map(Completed::from)
        .map(
            completed -> {
              ended.weigh(completed.endedBytes());
              List<String> words = completed.words();
              return outcomes(reports.subList(0, words.size()), words::get, i -> Boolean.TRUE);
            });
  }

  /**
   * @param endedBytes what ended tasks take
   * @param words one a report, of the first of them at least
   */
  @ReplyOf(Script.TASK_COMPLETE)
  private record Completed(long endedBytes, List<String> words) {

    static Completed from(ScriptReply reply) {
      List<String> words = new ArrayList<>(reply.size());
      for (int i = 1; i < reply.size(); i++) {
        words.add(reply.string(i));
      }
      return new Completed(reply.number(0), words);
    }
  }

  private Mono<List<Outcome<Duration>>> extendAll(List<Report> reports) {
    ScriptCall call = ScriptCall.of(Script.TASK_EXTEND).keys(keys.common());
    reports.forEach(report -> addTo(call, report));
    return context
        .link()
        .run(call)
        .map(Extended::from)
        .map(
            extended ->
                outcomes(
                    reports.subList(0, extended.size()),
                    i -> extended.get(i).word(),
                    i -> extended.get(i).lease()));
  }

  /** A lease; of the first reports at least. */
  @ReplyOf(Script.TASK_EXTEND)
  private record Extended(String word, Duration lease) {

    static List<Extended> from(ScriptReply reply) {
      List<Extended> extended = new ArrayList<>(reply.size() / 2);
      for (int i = 0; i + 1 < reply.size(); i += 2) {
        extended.add(new Extended(reply.string(i), Duration.ofMillis(reply.number(i + 1))));
      }
      return extended;
    }
  }

  private static void addTo(ScriptCall call, Report report) {
    call.arg(report.taskId())
        .arg(report.owner().swarmId())
        .arg(report.owner().incarnation())
        .arg(report.attempt())
        .arg(report.detail());
  }

  private static <R> List<Outcome<R>> outcomes(
      List<Report> reports, IntFunction<String> word, IntFunction<R> value) {
    List<Outcome<R>> outcomes = new ArrayList<>(reports.size());
    for (int i = 0; i < reports.size(); i++) {
      String told = word.apply(i);
      outcomes.add(
          told.equals("OK")
              ? Outcome.of(value.apply(i))
              : Outcome.refused(reports.get(i).refused(told)));
    }
    return outcomes;
  }
}
