package io.multiswarm.election;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.CoordinationOptions.Liveness;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.node.Holdings;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.Signals;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.internal.redis.LinkSettings;
import io.multiswarm.internal.redis.RedisLink;
import io.multiswarm.testing.RespClient;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A process that holds one swarm, stands for election and writes as the leader of the last epoch
 * that it won, whether or not that is over: so stubborn that only the fence stops it. Ends with its
 * standard input.
 */
final class NodeProcess implements AutoCloseable {

  static final Liveness LIVENESS =
      new Liveness(
          Duration.ofSeconds(30),
          Duration.ofMillis(1_500),
          Duration.ofMillis(500),
          Duration.ofSeconds(6),
          Duration.ofSeconds(10));

  private static final Duration BETWEEN_WRITES = Duration.ofMillis(2);

  final String name;
  private final Process process;

  NodeProcess(String uri, String fleet, String name) {
    this.name = name;
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> command =
        List.of(
            System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classPath,
            NodeProcess.class.getName(),
            uri,
            fleet,
            name);
    try {
      this.process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A name of {@code kill}: KILL, TERM, STOP, CONT. */
  void signal(String signal) {
    try {
      new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** Arguments: address of Redis, fleet, name of the node. */
  public static void main(String[] args) {
    Scheduler scheduler = Schedulers.newParallel("node", 2);
    Keys keys = new Keys(args[1]);
    RedisLink link = RedisLink.open(args[0], LinkSettings.defaults(), scheduler);
    link.connected().block(Duration.ofSeconds(10));
    Signals signals = new Signals(link.subscriptions(), keys, args[2]);
    Holdings holdings = new Holdings();
    DefaultElection election =
        new DefaultElection(
            new NodeContext(
                args[2],
                link,
                keys,
                CoordinationOptions.defaults().withFleet(args[1]).withLiveness(LIVENESS),
                scheduler,
                signals,
                holdings));
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> election.resign().block(Duration.ofSeconds(1))));
    endWithInput();
    signals.start();
    election.start();
    RespClient redis = RespClient.connect(URI.create(args[0]));
    LeaderScripts scripts = new LeaderScripts(args[1], redis::call);
    scripts.attach("s-" + args[2], args[2]);
    holdings.add(new Holdings.Held(new Ownership("s-" + args[2], 1), 1));
    write(election, redis, scripts, args[2]);
  }

  private static void write(
      DefaultElection election, RespClient redis, LeaderScripts scripts, String name) {
    long epoch = 0;
    while (true) {
      if (election.current() instanceof Leadership.Leader leader) {
        epoch = leader.epoch();
      }
      if (epoch > 0 && scripts.write(epoch, name).equals(List.of("FENCED"))) {
        redis.call("INCR", fenced(scripts.keys, name));
      }
      LockSupport.parkNanos(BETWEEN_WRITES.toNanos());
    }
  }

  /** Key of the number of refused writes. */
  static String fenced(Keys keys, String name) {
    return keys.sys("test-fenced", name);
  }

  private static void endWithInput() {
    Thread thread =
        new Thread(
            () -> {
              try {
                System.in.transferTo(java.io.OutputStream.nullOutputStream());
              } catch (IOException e) {
                // The same as its end: whoever started this process is gone.
              }
              Runtime.getRuntime().halt(0);
            });
    thread.setDaemon(true);
    thread.start();
  }
}
