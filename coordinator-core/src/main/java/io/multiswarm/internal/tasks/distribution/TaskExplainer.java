package io.multiswarm.internal.tasks.distribution;

import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.ReplyOf;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.redis.ScriptReply;
import io.multiswarm.internal.tasks.store.TaskKeys;
import io.multiswarm.internal.tasks.store.TaskRecord;
import io.multiswarm.internal.tasks.store.TaskRefusals;
import io.multiswarm.tasks.Lane;
import io.multiswarm.tasks.TaskExplanation;
import io.multiswarm.tasks.TaskExplanation.Reason;
import io.multiswarm.tasks.TaskStatus;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Tells why a task is where it is, on any node: from its record, and for one that waits from the
 * swarms, a hundred a call, until one is found that could take it.
 */
public record TaskExplainer(NodeContext context, TaskKeys keys) {

  /** What one look at Redis gave. */
  @ReplyOf(Script.TASK_EXPLAIN)
  private record Look(
      String taskId,
      TaskRecord record,
      boolean fleetPaused,
      boolean led,
      Duration due,
      long earlier,
      long higher) {

    /** Empty when there is no such task. */
    static Optional<Look> from(String taskId, ScriptReply reply) {
      return reply.isNull(0)
          ? Optional.empty()
          : Optional.of(
              new Look(
                  taskId,
                  TaskRecord.parse(taskId, reply.string(0)),
                  reply.number(1) == 1,
                  reply.number(2) == 1,
                  Duration.ofMillis(reply.number(3)),
                  reply.number(4),
                  reply.number(5)));
    }

    boolean isDelayed() {
      return record.isDelayed();
    }

    TaskExplanation because(Reason reason, String detail, @Nullable Duration until) {
      return new TaskExplanation(
          taskId,
          record.status(),
          reason,
          detail,
          record.attempts(),
          record.swarmId(),
          until,
          reason == Reason.BEHIND ? earlier + higher : 0);
    }
  }

  public Mono<TaskExplanation> explain(String taskId) {
    ScriptCall call =
        ScriptCall.of(Script.TASK_EXPLAIN)
            .key(keys.tasks())
            .key(keys.pending())
            .key(keys.delayed())
            .key(context.keys().paused())
            .key(context.keys().leader())
            .arg(taskId);
    return context
        .link()
        .run(call)
        .flatMap(reply -> Mono.justOrEmpty(Look.from(taskId, reply)))
        .switchIfEmpty(Mono.error(() -> TaskRefusals.unknownTask(taskId)))
        .flatMap(this::explain);
  }

  private Mono<TaskExplanation> explain(Look look) {
    if (look.record().status().isEnded()) {
      return Mono.just(look.because(Reason.ENDED, end(look.record()), null));
    }
    if (look.record().status() == TaskStatus.ASSIGNED) {
      return Mono.just(look.because(Reason.ASSIGNED, holder(look), look.due()));
    }
    if (look.fleetPaused()) {
      return Mono.just(
          look.because(Reason.PAUSED, "The fleet is paused; task.resume ends that.", null));
    }
    Lane lane = Lane.parse(Lane.nameIn(look.record().place()));
    return Mono.defer(
        () -> {
          AbleSwarms swarms = new AbleSwarms(lane);
          return new RedisFleetReader(context)
              .each()
              .doOnNext(swarms::add)
              .takeUntil(any -> swarms.hasOpen())
              .then(Mono.fromSupplier(() -> waiting(look, swarms)));
        });
  }

  private static TaskExplanation waiting(Look look, AbleSwarms swarms) {
    if (swarms.areAllPaused()) {
      return look.because(
          Reason.PAUSED,
          "Every swarm that is able to take it is paused (%s); swarm.resume of one ends that."
              .formatted(swarms.namesOfPaused()),
          null);
    }
    if (look.isDelayed()) {
      return look.because(Reason.DELAYED, delay(look), look.due());
    }
    if (!look.led() || swarms.attached() == 0) {
      return look.because(
          Reason.NO_LEADER,
          swarms.attached() == 0
              ? "No swarm is attached; create or attach one."
              : "No leader is elected, which takes some seconds while a swarm is attached.",
          null);
    }
    if (swarms.isNone()) {
      return look.because(
          Reason.NO_ABLE_SWARM,
          "None of the %d attached swarms has all it requires (%s); attach one that has, or add it to the capabilities of one."
              .formatted(swarms.attached(), String.join(", ", swarms.requires())),
          null);
    }
    return swarms.hasOpen()
        ? look.because(Reason.BEHIND, turn(look), null)
        : look.because(
            Reason.NO_CREDIT,
            "The swarms that are able to take it gave no more credit (%s); task.request by one of them changes that."
                .formatted(swarms.namesOfWaiting()),
            null);
  }

  private static String end(TaskRecord task) {
    return switch (task.status()) {
      case COMPLETED -> "It was completed by %s.".formatted(task.swarmId());
      case DEAD ->
          "It is dead after %d failures; task.retry revives it.".formatted(task.failures());
      default -> "It was cancelled.";
    };
  }

  private static String holder(Look look) {
    return "%s has it in attempt %d; its lease is over in %d ms unless it is extended."
        .formatted(look.record().swarmId(), look.record().attempt(), look.due().toMillis());
  }

  private static String delay(Look look) {
    return look.record().attempt() > 0
        ? "Attempt %d did not succeed; it is tried again in %d ms."
            .formatted(look.record().attempt(), look.due().toMillis())
        : "It was submitted for later; its time comes in %d ms.".formatted(look.due().toMillis());
  }

  private static String turn(Look look) {
    return "%d tasks of its kind are before it, and %d of a higher priority wait; more credit makes its turn come sooner."
        .formatted(look.earlier(), look.higher());
  }
}
