package io.multiswarm.server.auth;

import io.multiswarm.server.protocol.Params;

/** Whether a call's parameters decide that a {@link Subject} covers it, and how. */
enum Cover {
  YES,
  NO,
  /** It depends on whose the task is. */
  TASK;

  static Cover of(boolean covered) {
    return covered ? YES : NO;
  }

  /** A call that names nothing is refused for that by {@link Subject#task}. */
  static Cover of(Params params) {
    if (!params.has("taskId") && params.has("from")) {
      return NO;
    }
    Subject.task(params);
    return TASK;
  }
}
