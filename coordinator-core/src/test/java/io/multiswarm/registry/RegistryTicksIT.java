package io.multiswarm.registry;

import static io.multiswarm.registry.TestNode.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.CoordinationOptions.Liveness;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.redis.LinkSettings;
import io.multiswarm.internal.redis.RedisLink;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.registry.RegistryNode;
import io.multiswarm.testing.Await;
import io.multiswarm.testing.CommandLog;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import io.multiswarm.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** When a node asks Redis for what: its clock is turned by hand. */
@RedisTest
class RegistryTicksIT {

  /**
   * The default intervals but for the node's lease: Redis counts it by its own clock, so it must
   * outlast the test.
   */
  private static final Liveness LIVENESS =
      new Liveness(
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(10));

  private static final Duration STEP = Duration.ofMillis(200);

  /** Calls of a job follow each other, three at most. */
  private static final int CALLS_OF_A_JOB = 3;

  private final VirtualTime time = new VirtualTime();
  private final Scheduler real = Schedulers.newSingle("registry-ticks", true);
  private final TestRedis redis;
  private final RedisLink link;
  private final NodeContext context;
  private final RegistryNode node;

  RegistryTicksIT(TestRedis redis) {
    this.redis = redis;
    this.link = RedisLink.open(redis.uri(), LinkSettings.defaults(), real);
    this.context = context("n1");
    this.node = RegistryNode.create(context);
    done(link.connected());
  }

  private NodeContext context(String name) {
    return NodeContext.of(
        name,
        link,
        CoordinationOptions.defaults().withFleet(redis.fleet()).withLiveness(LIVENESS),
        time.scheduler());
  }

  @AfterEach
  void close() {
    time.close();
    done(link.close());
    real.dispose();
  }

  @Test
  void node_withSwarms_beatsHeartbeatsAndSweepsInTime() {
    register(0, 3);
    List<Duration> beats = new ArrayList<>();
    List<Duration> heartbeats = new ArrayList<>();
    List<Duration> sweeps = new ArrayList<>();
    try (CommandLog log = redis.commandLog()) {
      node.start();
      for (; time.elapsed().compareTo(Duration.ofSeconds(62)) < 0; time.advance(STEP)) {
        settle();
        for (String sent : log.sent()) {
          note(sent, Script.NODE_BEAT, beats);
          note(sent, Script.NODE_HEARTBEATS, heartbeats);
          note(sent, Script.NODE_SWEEP, sweeps);
        }
      }
    }

    assertThat(beats).containsExactlyElementsOf(every(20, 60));
    assertThat(heartbeats).containsExactlyElementsOf(every(30, 60));
    assertThat(sweeps).containsExactlyElementsOf(every(1, 61));
  }

  @Test
  void deadNode_whenItsLeaseAndGraceAreOver_losesAllItsSwarmsWithTheNextSweep() {
    RegistryNode dead = RegistryNode.create(context("n2"));
    register(0, 1);
    register(dead, 100, 60);
    node.start();
    settle();
    // By Redis's clock both are over now; and the sweep's last look was just now.
    redis.cli("ZADD", context.keys().nodes(), "1", "n2");
    redis.cli("HDEL", context.keys().upkeep(), "last", "quiet");
    String interrupted = context.keys().status("interrupted");

    time.advance(Duration.ofMillis(999));
    settle();
    assertThat(redis.number("SCARD", interrupted)).isZero();
    time.advance(Duration.ofMillis(1));
    Await.await(
        "interruption while the clock stands",
        Duration.ofSeconds(20),
        () -> redis.number("SCARD", interrupted) == 60);

    String events =
        String.valueOf(
            redis.cli("XRANGE", context.keys().history("swarm:events").get(2), "-", "+"));
    assertThat(events.split("swarm_interrupted", -1)).hasSize(61);
    assertThat(done(node.registry().get("s0")).status()).isEqualTo(SwarmStatus.ACTIVE);
  }

  @Test
  void sweep_ofADeadlineBeforeItsPeriodIsOver_doesNotWaitForIt() {
    List<Duration> sweeps = new ArrayList<>();
    try (CommandLog log = redis.commandLog()) {
      String deadline = Long.toString(redis.millis() + 500);
      redis.cli("ZADD", context.keys().detached(), deadline, "somebody");
      node.start();
      for (; time.elapsed().compareTo(Duration.ofMillis(800)) <= 0; time.advance(STEP)) {
        settle();
        log.sent().forEach(sent -> note(sent, Script.NODE_SWEEP, sweeps));
      }
    }
    // The first tells the deadline, or that it is over: Redis's clock is not turned by hand.
    assertThat(sweeps).hasSizeGreaterThan(1);
  }

  @Test
  void swarms_howeverMany_haveNoTimers() {
    node.start();
    register(0, 1);
    settle();
    long ofOne = scheduled();

    register(1, 200);
    settle();

    assertThat(scheduled()).isEqualTo(ofOne);
  }

  private long scheduled() {
    return ((VirtualTimeScheduler) time.scheduler()).getScheduledTaskCount();
  }

  private void register(int from, int count) {
    register(node, from, count);
  }

  private static void register(RegistryNode node, int from, int count) {
    Flux.range(from, count)
        .flatMap(i -> node.registry().register(NewSwarm.of("tick").withId("s" + i)))
        .blockLast(Duration.ofSeconds(20));
  }

  /** On each connection answers come in order, so the jobs' are there when ours are. */
  private void settle() {
    for (int i = 0; i < CALLS_OF_A_JOB; i++) {
      done(
          link.run(
              ScriptCall.of(Script.LEADER_LOOK)
                  .key(context.keys().leader())
                  .key(context.keys().leadership())));
      done(link.reads().get(context.keys().leader()));
    }
  }

  private void note(String sent, Script script, List<Duration> times) {
    if (sent.contains(script.sha1()) && sent.contains(redis.fleet())) {
      times.add(time.elapsed());
    }
  }

  private static List<Duration> every(long seconds, long last) {
    return LongStream.iterate(0, at -> at <= last, at -> at + seconds)
        .mapToObj(Duration::ofSeconds)
        .toList();
  }
}
