package io.multiswarm.internal.recovery;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.state.RecoverySources;
import io.multiswarm.internal.state.StateSources;
import io.multiswarm.recovery.RecoveryResult;
import io.multiswarm.registry.Swarm;
import io.multiswarm.state.SavedVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** One recovery: find a source, make it the state again, plan. Records nothing. */
record Recoverer(NodeContext context, StateSources sources, RecoveryFacts facts) {

  /** The source that was found may be gone, or not needed any more, when it is restored. */
  private static final int ATTEMPTS = 5;

  /**
   * @param damaged sources that were passed over, whether or not there was a sound one
   */
  record Outcome(RecoveryResult result, List<String> damaged) {}

  Mono<Outcome> recover(Swarm swarm, Ownership owner, TaskFacts tasks) {
    return Mono.defer(() -> attempt(swarm, owner, tasks))
        .retryWhen(
            Retry.max(ATTEMPTS)
                .filter(Recoverer::isOvertaken)
                .onRetryExhaustedThrow((spec, signal) -> signal.failure()));
  }

  private Mono<Outcome> attempt(Swarm swarm, Ownership owner, TaskFacts tasks) {
    return sources
        .survey(owner)
        .flatMap(
            survey -> {
              RecoverySources.@Nullable Source best = survey.best();
              return best == null
                  ? Mono.just(nothing(swarm, survey))
                  : version(owner, best)
                      .flatMap(version -> outcome(swarm, survey, best, version, tasks));
            });
  }

  private static Outcome nothing(Swarm swarm, RecoverySources survey) {
    return new Outcome(RecoveryResult.nothing(swarm.id()), survey.damaged());
  }

  /** The version that the source's contents have as the state. */
  private Mono<Long> version(Ownership owner, RecoverySources.Source source) {
    return source.kind() == RecoverySources.Kind.STATE
        ? Mono.just(source.version())
        : sources.restoreLost(owner, source).map(SavedVersion::version);
  }

  private Mono<Outcome> outcome(
      Swarm swarm,
      RecoverySources survey,
      RecoverySources.Source source,
      long version,
      TaskFacts tasks) {
    return facts
        .resources(swarm.id())
        .flatMap(
            resources ->
                context.work(
                    source.state().length(),
                    () ->
                        new RecoveryPlanner(swarm, source, survey.damaged(), tasks)
                            .plan(resources)))
        .map(
            plan ->
                new RecoveryResult(
                    true, swarm.id(), source.kind().word(), source.state(), version, plan))
        .map(result -> new Outcome(result, survey.damaged()));
  }

  /** Saved by somebody, gone, or damaged since it was found: looking again tells. */
  private static boolean isOvertaken(Throwable error) {
    return CoordinationException.is(error, ErrorCode.CONFLICT)
        || CoordinationException.is(error, ErrorCode.NOT_FOUND)
        || CoordinationException.is(error, ErrorCode.FAILED_PRECONDITION);
  }
}
