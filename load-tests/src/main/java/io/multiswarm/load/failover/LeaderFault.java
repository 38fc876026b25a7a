package io.multiswarm.load.failover;

/** What happens to a leader. */
enum LeaderFault {
  KILL("killed (SIGKILL)"),
  STOP("stopped (SIGTERM)"),
  PAUSE("paused past its lease (SIGSTOP)");

  private final String title;

  LeaderFault(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
