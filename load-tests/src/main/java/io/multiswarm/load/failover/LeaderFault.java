package io.multiswarm.load.failover;

/** What happens to a leader. */
enum LeaderFault {
  KILL("killed (SIGKILL)"),
  STOP("stopped (SIGTERM)"),
  PAUSE("paused past its lease (SIGSTOP)"),
  /** It goes on, and the process of Redis that takes its writes does not. */
  BEREFT("without Redis's master (SIGKILL)"),
  /** An operator makes another process the master; the old one lives, and is demoted later. */
  MOVED("on a Redis whose master is changed by hand (SENTINEL FAILOVER)");

  private final String title;

  LeaderFault(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
