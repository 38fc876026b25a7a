package io.multiswarm.internal.tasks.worker;

import io.multiswarm.common.Json;
import io.multiswarm.tasks.Assignment.PreviousAttempt;
import java.util.List;

/**
 * What a worker is told beside the terms of its assignment, which may be large.
 *
 * @param task what was submitted
 * @param previous what became of the attempts before, newest first
 */
record TaskBody(Json task, List<PreviousAttempt> previous) {

  /** Of an earlier attempt beside its progress, about. */
  private static final int ATTEMPT = 128;

  /** Of its text, about. */
  int length() {
    int length = task.length();
    for (PreviousAttempt one : previous) {
      Json progress = one.progress();
      length += ATTEMPT + (progress == null ? 0 : progress.length());
    }
    return length;
  }
}
