package io.multiswarm.server.watchdog;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process at once, without a word to anybody: connections break, leases run out, and other
 * nodes take over, as they do when a node is killed. A stop in order is no choice for a process
 * without memory.
 *
 * <p>The JVM's own flag, {@code -XX:+ExitOnOutOfMemoryError}, knows only of its heap, and is not
 * there in {@code java -jar}; an error that says that memory is gone also comes from Netty, and is
 * caught and logged in a dozen places. So every error that is logged is looked at, see {@link
 * FatalErrors}, and every one that ends a thread.
 */
public final class LastResort {

  /** What the process ends with. */
  public static final int EXIT_CODE = 3;

  private static final AtomicBoolean ending = new AtomicBoolean();
  private static volatile IntConsumer halt = Runtime.getRuntime()::halt;

  private LastResort() {}

  /** From now on an uncaught error that is {@link #isFatal fatal} ends the process. */
  public static void install() {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, error) -> {
          endIfFatal(error);
          if (before != null) {
            before.uncaughtException(thread, error);
          } else {
            error.printStackTrace();
          }
        });
  }

  /** Whether the process cannot be trusted after that: no memory, or a broken JVM. */
  static boolean isFatal(@Nullable Throwable error) {
    Throwable cause = error;
    // Causes can go round; nobody wraps an error a hundred times.
    for (int depth = 0; cause != null && depth < 100; depth++) {
      if (cause instanceof VirtualMachineError && !(cause instanceof StackOverflowError)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  static void endIfFatal(@Nullable Throwable error) {
    if (isFatal(error)) {
      end("an error that a process cannot outlive", error);
    }
  }

  /** Ends the process; the first call does. */
  static void end(String why, @Nullable Throwable error) {
    if (!ending.compareAndSet(false, true)) {
      return;
    }
    try {
      System.err.println("multiswarm-coordinator: ends itself: " + why);
      if (error != null) {
        error.printStackTrace();
      }
    } finally {
      // Whatever came of the words, which take memory.
      halt.accept(EXIT_CODE);
    }
  }

  /** For tests, which want to live on. */
  static void haltBy(IntConsumer other) {
    halt = other;
    ending.set(false);
  }
}
