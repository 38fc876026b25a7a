package io.multiswarm.server.work;

/** One attempt at one task. */
record TaskKey(String taskId, long attempt) {

  /** A name for its files; both parts are safe in a path, see the rules for ids. */
  String fileName() {
    return taskId + "." + attempt;
  }

  @Override
  public String toString() {
    return "task: %s, attempt: %d".formatted(taskId, attempt);
  }
}
