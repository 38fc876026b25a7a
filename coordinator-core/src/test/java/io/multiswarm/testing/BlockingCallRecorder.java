package io.multiswarm.testing;

import java.io.PrintWriter;
import java.io.StringWriter;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;

/**
 * Turns a call that blocks a thread of an event loop, or of Reactor's, into an error at that place
 * and into a {@link Violation}, because the error alone may end in an {@code onErrorResume} of the
 * code under test.
 */
final class BlockingCallRecorder {

  private BlockingCallRecorder() {}

  /** Needs {@code -XX:+AllowRedefinitionToAddDeleteMethods} on the JVM. */
  static void install() {
    BlockHound.builder()
        .loadIntegrations()
        // Locks around queues and threads of the JDK, of Netty and of Lettuce, each held for a few
        // instructions; we have none of the kind. An error out of one leaves what it guards broken.
        .allowBlockingCallsInside("java.util.concurrent.locks.ReentrantLock", "lock")
        // Netty's allocator has another kind, taken when it grows.
        .allowBlockingCallsInside(
            "io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "tryExpandMagazines")
        // Another spins while tasks are handed to the JDK's common pool, as Lettuce's handshake
        // does.
        .allowBlockingCallsInside("java.util.concurrent.ForkJoinPool", "execute")
        // Lettuce's lock between writers and a reconnection, held while a command is queued.
        .allowBlockingCallsInside("io.lettuce.core.protocol.SharedLock", "incrementWriters")
        .allowBlockingCallsInside("io.lettuce.core.protocol.SharedLock", "doExclusive")
        // Netty's executor of last resort waits for its next task; it serves no connection.
        .allowBlockingCallsInside("io.netty.util.concurrent.GlobalEventExecutor", "takeTask")
        // The SDK of MCP names its streams by UUIDs: a few bytes of the kernel's generator, which
        // waits for nothing once the machine is up.
        .allowBlockingCallsInside("java.util.UUID", "randomUUID")
        // Java reads its random numbers for TLS from /dev/urandom, which never waits.
        .allowBlockingCallsInside("sun.security.provider.NativePRNG$RandomIO", "readFully")
        .blockingMethodCallback(
            method -> {
              BlockingOperationError error = new BlockingOperationError(method);
              StringWriter stack = new StringWriter();
              error.printStackTrace(new PrintWriter(stack));
              Violations.record(
                  Violation.Kind.BLOCKING_CALL, Thread.currentThread().getName() + ": " + stack);
              throw error;
            })
        .install();
  }
}
