package io.multiswarm.load.scenario;

import java.io.PrintWriter;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.client.HttpClient;

/**
 * What a scenario runs on.
 *
 * @param url the server's WebSocket address
 * @param redis the Redis behind it, when it is known: for baselines and for counting commands
 * @param server the server's process, when it is ours: for counting its CPU time
 * @param http what connections are made with
 * @param clock for what has no connection of its own, such as progress
 * @param out where progress is printed
 */
public record ScenarioContext(
    URI url,
    Optional<URI> redis,
    Optional<ProcessHandle> server,
    HttpClient http,
    Scheduler clock,
    PrintWriter out) {

  /** Prints progress, and at once. */
  public void say(String format, Object... arguments) {
    out.printf(Locale.ROOT, format, arguments);
    out.flush();
  }

  /**
   * The Redis behind the server.
   *
   * @throws IllegalArgumentException when it is not known, in words for the person at the keyboard
   */
  public URI knownRedis() {
    return redis.orElseThrow(
        () ->
            new IllegalArgumentException(
                "Where Redis is must be known for this: say it with --redis-url"));
  }
}
