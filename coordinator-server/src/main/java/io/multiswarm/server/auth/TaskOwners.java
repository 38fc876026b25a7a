package io.multiswarm.server.auth;

import reactor.core.publisher.Mono;

/** Asks whose a task is; for those calls alone whose right depends on it. */
@FunctionalInterface
public interface TaskOwners {

  /** Fails with {@code NOT_FOUND} for a task that there is not. */
  Mono<TaskOwner> of(String taskId);
}
