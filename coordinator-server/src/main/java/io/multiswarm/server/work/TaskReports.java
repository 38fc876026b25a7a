package io.multiswarm.server.work;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Tells the coordinator what became of tasks. */
final class TaskReports {

  private static final Logger log = LoggerFactory.getLogger(TaskReports.class);

  private final SwarmHold hold;

  TaskReports(SwarmHold hold) {
    this.hold = hold;
  }

  /**
   * Reports how a command ended; completes when that is answered.
   *
   * <p>What was done is told even when the attempt is over: it is refused, and kept with the task
   * as a late result.
   */
  Mono<Void> ended(CommandAttempt run, CommandOutcome outcome) {
    TaskKey key = run.lease().key();
    if (outcome instanceof CommandOutcome.Completed completed) {
      return completed(key, completed.result());
    }
    if (run.stopped() == CommandAttempt.Stop.FENCED) {
      return Mono.empty();
    }
    return run.stopped() == CommandAttempt.Stop.GIVEN_BACK
        ? givenBack(key)
        : failed(key, (CommandOutcome.Failed) outcome);
  }

  private Mono<Void> completed(TaskKey key, Json result) {
    return hold.report("task.complete", key, Map.of("result", result))
        .doOnNext(done -> log.info("{}: completed", key))
        .then()
        .onErrorResume(
            TaskReports::isOfTheResult,
            refusal ->
                failed(key, new CommandOutcome.Failed(String.valueOf(refusal.getMessage()), false)))
        .onErrorResume(refusal -> refused(key, refusal));
  }

  /** The result is too large, or nothing that can be stored. */
  private static boolean isOfTheResult(Throwable refusal) {
    return CoordinationException.is(refusal, ErrorCode.PAYLOAD_TOO_LARGE)
        || CoordinationException.is(refusal, ErrorCode.INVALID_ARGUMENT);
  }

  Mono<Void> failed(TaskKey key, CommandOutcome.Failed failed) {
    return hold.report("task.fail", key, Map.of("error", failed.error(), "retry", failed.retry()))
        .doOnNext(done -> log.info("{}: failed, {}", key, failed.error()))
        .then()
        .onErrorResume(refusal -> refused(key, refusal));
  }

  Mono<Void> givenBack(TaskKey key) {
    return hold.report("task.release", key, Map.of())
        .doOnNext(done -> log.info("{}: given back", key))
        .then()
        .onErrorResume(refusal -> refused(key, refusal));
  }

  /** Nothing more can be said of the attempt: it is over, or the task is gone. */
  private static Mono<Void> refused(TaskKey key, Throwable refusal) {
    log.warn("{}: the report was refused: {}", key, refusal.getMessage());
    return Mono.empty();
  }
}
