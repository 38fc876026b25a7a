package io.multiswarm.load.chaos;

/** What happens to the installation, always without a word before. */
enum Strike {
  /** Some sessions at once, with all that their swarms were about to do. */
  WORKERS("killed: workers"),
  /** The server that leads. */
  LEADER("killed: leader"),
  REDIS("killed: redis"),
  /** Every session of every server at once; they all come back at once. */
  STORM("cut: all connections"),
  /** One server after the other, by SIGTERM; the next when the one before is back. */
  ROLLING("restarted in turn: servers"),
  /** Redis stands still for longer than a lease. */
  FREEZE("frozen: redis"),
  /** Redis takes no more. */
  FULL("full: redis"),
  /** All connections to Redis are reset, again and again. */
  RESETS("tcp: resets"),
  /** What is sent either way is never seen again, and nobody is told. */
  HALF_OPEN("tcp: half-open connections"),
  DELAY("tcp: delay"),
  /** Redis does what it is told, and the answer does not arrive. */
  LOST_REPLIES("tcp: lost replies"),
  /** Bytes arrive in pieces. */
  SLICES("tcp: sliced bytes");

  private final String title;

  Strike(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
