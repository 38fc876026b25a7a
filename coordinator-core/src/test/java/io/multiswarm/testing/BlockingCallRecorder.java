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
        // Netty's allocator waits for its own lock, held for a few instructions, when it grows.
        .allowBlockingCallsInside(
            "io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "tryExpandMagazines")
        // Lettuce's lock between writers and a reconnection, held while a command is queued. An
        // error out of it would leave the lock's count wrong and its next user spinning for ever.
        .allowBlockingCallsInside("io.lettuce.core.protocol.SharedLock", "incrementWriters")
        .allowBlockingCallsInside("io.lettuce.core.protocol.SharedLock", "doExclusive")
        // Its queue of commands that wait for a connection, looked at with every command.
        .allowBlockingCallsInside("java.util.concurrent.ArrayBlockingQueue", "size")
        .allowBlockingCallsInside("java.util.concurrent.ArrayBlockingQueue", "offer")
        .allowBlockingCallsInside("java.util.concurrent.ArrayBlockingQueue", "poll")
        .allowBlockingCallsInside("java.util.concurrent.ArrayBlockingQueue", "clear")
        // Lettuce's lock around the threads that its clients share, taken when one opens or closes.
        .allowBlockingCallsInside(
            "io.lettuce.core.resource.DefaultEventLoopGroupProvider", "release")
        .allowBlockingCallsInside(
            "io.lettuce.core.resource.DefaultEventLoopGroupProvider", "allocate")
        .allowBlockingCallsInside(
            "io.lettuce.core.resource.DefaultEventLoopGroupProvider", "shutdown")
        // Netty's executor of last resort waits for its next task; it serves no connection.
        .allowBlockingCallsInside("io.netty.util.concurrent.GlobalEventExecutor", "takeTask")
        // Its queue, and that of the JDK's timers, have locks of their own, held for a few
        // instructions; Reactor allows itself the adding of timers, not their removal.
        .allowBlockingCallsInside("io.netty.util.concurrent.GlobalEventExecutor", "execute")
        .allowBlockingCallsInside(
            "java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue", "remove")
        .allowBlockingCallsInside("java.util.concurrent.ThreadPoolExecutor", "addWorker")
        // The lock around an executor's threads, at its end.
        .allowBlockingCallsInside("java.util.concurrent.ThreadPoolExecutor", "shutdown")
        .allowBlockingCallsInside("java.util.concurrent.ThreadPoolExecutor", "shutdownNow")
        .allowBlockingCallsInside("java.util.concurrent.ThreadPoolExecutor", "tryTerminate")
        // The SDK of MCP names its streams by UUIDs: a few bytes of the kernel's generator, which
        // waits for nothing once the machine is up.
        .allowBlockingCallsInside("java.util.UUID", "randomUUID")
        // Java reads its random numbers for TLS from /dev/urandom, which never waits.
        .allowBlockingCallsInside("sun.security.provider.NativePRNG$RandomIO", "readFully")
        // The queue of the virtual clock.
        .allowBlockingCallsInside("java.util.concurrent.PriorityBlockingQueue", "offer")
        .allowBlockingCallsInside("java.util.concurrent.PriorityBlockingQueue", "remove")
        .allowBlockingCallsInside("java.util.concurrent.PriorityBlockingQueue", "size")
        .allowBlockingCallsInside("java.util.concurrent.PriorityBlockingQueue", "peek")
        .allowBlockingCallsInside("java.util.concurrent.PriorityBlockingQueue", "poll")
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
