package io.multiswarm.server.demo;

import io.multiswarm.server.client.Endpoint;
import io.multiswarm.server.config.ServerConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * How the demo is played.
 *
 * @param port of its server; 0 for any free one
 * @param pause between two things that happen
 * @param isOver whether all ends with the story
 */
public record DemoSettings(int port, Duration pause, boolean isOver) {

  /** A fresh directory for the data of the server. */
  public Path newDirectory() {
    try {
      return Files.createTempDirectory("multiswarm-demo-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of the server: with short waits, for people look on. */
  public ServerConfig config(Path data) {
    return ServerConfig.of(
        Map.of("PORT", Integer.toString(port), "DATA_DIR", data.toString(), "SESSION_GRACE", "2s"));
  }

  /**
   * Tells the story on a server that listens.
   *
   * @return completes when all is over, which may be never; fails with what went wrong
   */
  public Mono<Void> play(int listening, PrintWriter out, Scheduler scheduler) {
    Narrator narrator = new Narrator(out, pause, scheduler);
    Endpoint server = Endpoint.of("ws://127.0.0.1:" + listening, null, null);
    narrator.say(
        "Dashboard: http://127.0.0.1:%d/ (open it, and see what you read here)", listening);
    Mono<Void> told = new Story(server, narrator, scheduler).play();
    return isOver
        ? told
        : told.then(
            Mono.defer(
                () -> {
                  narrator.say(
                      "The swarms stay: look around at http://127.0.0.1:%d/, and end with Ctrl-C.",
                      listening);
                  return Mono.never();
                }));
  }
}
