package io.multiswarm.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * Proves that the checks of the environment are on, by tests run inside tests that have to fail.
 */
class EnvironmentTest {

  /**
   * Otherwise a leak of an earlier test could be found by the tests in here, and hide among what
   * they expect.
   */
  @BeforeEach
  void nothingFoundBefore() {
    LeakRecorder.findAll();
    assertThat(Violations.take()).isEmpty();
  }

  @Test
  void blockingCall_onReactorThread_failsTheTestThatHidIt() {
    assertThat(failures(run(BlocksReactorThread.class).testEvents()))
        .singleElement()
        .asString()
        .contains("BLOCKING_CALL", "reactor-thread", "java.lang.Thread.sleep");
  }

  @Test
  void blockingCall_onEventLoop_failsTheTestThatHidIt() {
    assertThat(failures(run(BlocksEventLoop.class).testEvents()))
        .singleElement()
        .asString()
        .contains("BLOCKING_CALL", "multiThreadIoEventLoopGroup", "java.lang.Thread.sleep");
  }

  @Test
  void blockingCall_onOtherThread_isAllowed() {
    assertThat(failures(run(BlocksOwnThread.class).testEvents())).isEmpty();
  }

  /** Libraries have locks around queues and threads, and hold them for a few instructions. */
  @Test
  @SuppressWarnings("LockNotBeforeTry") // it guards nothing
  void lock_ofTheJdk_isWaitedForOnReactorThreads() throws Exception {
    ReentrantLock lock = new ReentrantLock();
    AtomicReference<Thread> thread = new AtomicReference<>();
    Scheduler scheduler = Schedulers.newSingle("reactor-thread");
    lock.lock();
    Future<?> taken =
        Mono.fromRunnable(
                () -> {
                  thread.set(Thread.currentThread());
                  lock.lock();
                })
            .subscribeOn(scheduler)
            .toFuture();
    Await.await(
        "the thread that waits",
        Duration.ofSeconds(20),
        () -> thread.get() != null && thread.get().getState() == Thread.State.WAITING);
    lock.unlock();
    taken.get(20, TimeUnit.SECONDS);
    scheduler.dispose();
  }

  @Test
  void leak_ofBuffer_failsTheRun() {
    EngineExecutionResults results = run(LeaksBuffer.class);
    assertThat(failures(results.testEvents())).isEmpty();
    assertThat(failures(results.containerEvents()))
        .singleElement()
        .asString()
        .contains("LEAK", "ByteBuf was not released", "LeaksBuffer.leaks");
  }

  @Test
  void buffer_released_isNoLeak() {
    assertThat(failures(run(ReleasesBuffer.class).allEvents())).isEmpty();
  }

  @Test
  void errorLog_ofOurs_failsTheTest() {
    assertThat(failures(run(LogsError.class).testEvents()))
        .singleElement()
        .asString()
        .contains("ERROR_LOG", "it went wrong", "IllegalStateException: why");
  }

  @Test
  void errorLog_expected_passes() {
    assertThat(failures(run(ExpectsError.class).allEvents())).isEmpty();
  }

  @Test
  void errorLog_expectedAndMissing_failsTheTest() {
    assertThat(failures(run(ExpectsErrorInVain.class).testEvents()))
        .singleElement()
        .asString()
        .contains("1 expected ERROR not logged", "never");
  }

  @Test
  void errorLog_besideTheExpected_failsTheTest() {
    assertThat(failures(run(ExpectsOther.class).testEvents()))
        .singleElement()
        .asString()
        .contains("it went wrong");
  }

  @Test
  void error_droppedByReactor_failsTheTest() {
    assertThat(failures(run(DropsError.class).testEvents()))
        .singleElement()
        .asString()
        .contains("ERROR_LOG", "reactor.core.publisher.Operators", "too late");
  }

  private static EngineExecutionResults run(Class<?> tests) {
    return EngineTestKit.engine("junit-jupiter")
        .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
        .selectors(selectClass(tests))
        .execute();
  }

  private static List<Throwable> failures(Events events) {
    return events.failed().stream()
        .map(
            event ->
                event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow())
        .toList();
  }

  private static void sleep() {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static class BlocksReactorThread {
    @Test
    void blocks() {
      Scheduler scheduler = Schedulers.newParallel("reactor-thread", 1);
      Mono<?> hidden =
          Mono.fromRunnable(EnvironmentTest::sleep).subscribeOn(scheduler).onErrorComplete();
      hidden.block();
      scheduler.dispose();
    }
  }

  static class BlocksEventLoop {
    @Test
    void blocks() {
      EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
      Future<?> task = group.submit(EnvironmentTest::sleep);
      Await.await(Duration.ofSeconds(10), task::isDone);
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  static class BlocksOwnThread {
    @Test
    void blocks() throws Exception {
      sleep();
      ExecutorService executor = Executors.newSingleThreadExecutor();
      executor
          .submit(
              (Callable<Void>)
                  () -> {
                    sleep();
                    return null;
                  })
          .get(10, TimeUnit.SECONDS);
      executor.shutdown();
    }
  }

  static class LeaksBuffer {
    @Test
    void leaks() {
      ByteBuf buffer = PooledByteBufAllocator.DEFAULT.buffer();
      buffer.writeByte(1);
    }
  }

  static class ReleasesBuffer {
    @Test
    void releases() {
      PooledByteBufAllocator.DEFAULT.buffer().writeByte(1).release();
    }
  }

  static class LogsError {
    private static final Logger LOG = LoggerFactory.getLogger(LogsError.class);

    @Test
    void logs() {
      LOG.error("it went {}", "wrong", new IllegalStateException("why"));
    }
  }

  static class ExpectsError {
    @Test
    @ExpectErrorLog("it went wrong")
    void logs() {
      LogsError.LOG.error("it went wrong");
    }

    @Test
    @ExpectErrorLog(value = "it went wrong", atLeast = 0)
    void logsNothing() {}
  }

  static class ExpectsErrorInVain {
    @Test
    @ExpectErrorLog("never")
    void logsNothing() {}
  }

  static class ExpectsOther {
    @Test
    @ExpectErrorLog("something else")
    void logs() {
      LogsError.LOG.error("it went wrong");
    }
  }

  static class DropsError {
    @Test
    void drops() {
      Operators.onErrorDropped(new IllegalStateException("too late"), Context.empty());
    }
  }
}
