package io.multiswarm.server.demo;

import io.multiswarm.server.logging.Escapes;
import java.io.PrintWriter;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Says what happens, at a pace at which one can read. */
final class Narrator {

  private final PrintWriter out;
  private final Duration pause;
  private final Scheduler scheduler;
  private int chapters;

  Narrator(PrintWriter out, Duration pause, Scheduler scheduler) {
    this.out = out;
    this.pause = pause;
    this.scheduler = scheduler;
  }

  /** A new part of the story; those before have ended. */
  synchronized void chapter(String title) {
    chapters++;
    out.println();
    out.println(chapters + ". " + title);
    out.flush();
  }

  /** One line. */
  synchronized void say(String format, Object... arguments) {
    out.println("   " + Escapes.escape(format.formatted(arguments)));
    out.flush();
  }

  /** Time to read. */
  Mono<Void> pause() {
    return pause.isZero() ? Mono.empty() : Mono.delay(pause, scheduler).then();
  }
}
