package io.multiswarm.server.work;

import io.multiswarm.server.config.ConfigException;
import java.io.IOException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** What the program sees of the runner. */
public final class Runner {

  /** Two that read for each command, and those that start, sign and clean up. */
  private static final int THREADS_A_SLOT = 3;

  private static final int MORE_THREADS = 4;

  private final CommandWorker worker;

  private Runner(CommandWorker worker) {
    this.worker = worker;
  }

  /** How many threads that may wait it takes. */
  public static int threads(WorkSettings settings) {
    return settings.membership().slots() * THREADS_A_SLOT + MORE_THREADS;
  }

  /**
   * Opens its directory; may wait.
   *
   * @param loop one thread
   * @param blocking threads that may wait
   * @throws ConfigException when another runner has the directory, or it cannot be used
   */
  public static Runner open(WorkSettings settings, Scheduler loop, Scheduler blocking) {
    try {
      return new Runner(new CommandWorker(Workshop.open(settings, loop, blocking)));
    } catch (WorkException e) {
      throw new ConfigException(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new ConfigException(
          "--state-dir: %s cannot be used (%s)"
              .formatted(settings.places().state(), e.getMessage()));
    }
  }

  /** Works until it is told to stop; fails when it cannot go on. */
  public Mono<Void> run() {
    return worker.run();
  }

  /** Takes nothing new, lets commands end or gives their tasks back, and gives the swarm up. */
  public void stop() {
    worker.stop();
  }
}
