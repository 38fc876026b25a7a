package io.multiswarm.load.chaos;

/** Who is killed, always without a word before. */
enum FaultTarget {
  /** Some sessions at once, with all that their swarms were about to do. */
  WORKERS("workers"),
  /** The server that leads. */
  LEADER("leader"),
  REDIS("redis");

  private final String title;

  FaultTarget(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
