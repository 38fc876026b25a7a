package io.multiswarm.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.netty.resources.LoopResources;

/**
 * Proves that the checks of the environment reach this module, on the threads that serve its
 * connections.
 */
class ServerThreadsTest {

  @Test
  void blockingCall_onServerThread_isCaught() {
    LoopResources loops = LoopResources.create("server-threads", 1, true);
    try {
      Future<?> task =
          loops
              .onServer(false)
              .submit(
                  () -> {
                    Thread.sleep(1);
                    return null;
                  });
      Await.await(Duration.ofSeconds(10), task::isDone);
      assertThat(task)
          .failsWithin(Duration.ZERO)
          .withThrowableThat()
          .withCauseInstanceOf(BlockingOperationError.class);
      assertThat(Violations.take())
          .singleElement()
          .asString()
          .contains("server-threads", "Thread.sleep");
    } finally {
      loops.disposeLater(Duration.ZERO, Duration.ofSeconds(1)).block(Duration.ofSeconds(10));
    }
  }
}
