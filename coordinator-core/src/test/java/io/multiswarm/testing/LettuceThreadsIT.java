package io.multiswarm.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;

/** Proves that a thread on which Lettuce delivers replies counts as one that may not block. */
@RedisTest
class LettuceThreadsIT {

  @Test
  void blockingCall_onLettuceThread_isCaught(TestRedis redis) throws Exception {
    RedisClient client = RedisClient.create(redis.uri());
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      CompletableFuture<Throwable> thrown = new CompletableFuture<>();
      connection.reactive().ping().subscribe(pong -> thrown.complete(blockAndCatch()));
      assertThat(thrown.get(10, TimeUnit.SECONDS)).isInstanceOf(BlockingOperationError.class);
      List<Violation> seen = Violations.take();
      assertThat(seen).singleElement().asString().contains("lettuce-").contains("Thread.sleep");
    } finally {
      client.shutdown();
    }
  }

  private static Throwable blockAndCatch() {
    try {
      Thread.sleep(1);
      return new AssertionError("was allowed to block on " + Thread.currentThread().getName());
    } catch (Throwable thrown) {
      return thrown;
    }
  }
}
