package io.multiswarm.server.embedded;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A process that runs an embedded Redis in the given directory until it is killed. */
final class RedisHolder {

  private RedisHolder() {}

  /** Prints the address when Redis is ready. */
  public static void main(String[] args) throws InterruptedException {
    EmbeddedRedis redis = EmbeddedRedis.in(Path.of(args[0]));
    redis.start().join();
    System.out.println("ready " + redis.url());
    new CountDownLatch(1).await();
  }
}
