package io.multiswarm.load;

import picocli.CommandLine.Option;

/** What of ours is measured. */
final class TransportOptions {

  @Option(names = "--embedded", description = "Measures the embedded library before the server.")
  private boolean embedded;

  @Option(
      names = "--no-server",
      description = "Leaves the server's WebSocket out; together with --embedded.")
  private boolean withoutServer;

  /**
   * @param others whether something beside the two is measured
   * @throws IllegalArgumentException in words for the person at the keyboard
   */
  void check(ServerOptions server, boolean others) {
    if (withoutServer && !embedded && !others) {
      throw new IllegalArgumentException("--no-server leaves nothing to measure; add --embedded");
    }
    if ((embedded || others) && !server.knowsRedis()) {
      throw new IllegalArgumentException(
          "Without the server, its Redis must be known: say where it is, with --redis-url");
    }
  }

  boolean embedded() {
    return embedded;
  }

  boolean webSocket() {
    return !withoutServer;
  }
}
