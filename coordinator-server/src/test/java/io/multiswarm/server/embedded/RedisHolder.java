package io.multiswarm.server.embedded;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A process that runs an embedded Redis in the given directory until it is killed; with a program
 * that is found in the second one, if it is given.
 */
final class RedisHolder {

  private RedisHolder() {}

  /** Prints the address when Redis is ready. */
  public static void main(String[] args) throws InterruptedException {
    EmbeddedRedis redis =
        args.length == 1
            ? EmbeddedRedis.in(Path.of(args[0]))
            : EmbeddedRedis.in(Path.of(args[0]), 64 << 20, new ProgramChoice("auto", args[1]));
    redis.start().join();
    System.out.println("ready " + redis.url());
    new CountDownLatch(1).await();
  }
}
