package io.multiswarm.internal.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Ends threads, on a thread of its own each time: that takes locks, for which no thread of Netty's
 * may wait, and the pool that a process shares may be held up by others (from JDK 25 on it has one
 * thread where there are two cores).
 */
public final class Ending {

  /** For the steps of a chain. */
  public static final Executor EXECUTOR = Ending::start;

  private Ending() {}

  /** Begins at once. */
  public static CompletableFuture<Void> of(Runnable end) {
    return CompletableFuture.runAsync(end, EXECUTOR);
  }

  private static void start(Runnable end) {
    Thread thread = new Thread(end, "multiswarm-end");
    thread.setDaemon(true);
    thread.start();
  }
}
