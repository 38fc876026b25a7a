package io.multiswarm.registry;

import static io.multiswarm.registry.TestNode.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.CoordinationOptions.Liveness;
import io.multiswarm.internal.node.Holdings;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.Signals;
import io.multiswarm.internal.redis.Keys;
import io.multiswarm.internal.redis.LinkSettings;
import io.multiswarm.internal.redis.RedisLink;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
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
    Keys keys = new Keys(redis.fleet());
    this.context =
        new NodeContext(
            "n1",
            link,
            keys,
            CoordinationOptions.defaults().withFleet(redis.fleet()).withLiveness(LIVENESS),
            time.scheduler(),
            new Signals(link.subscriptions(), keys, "n1"),
            new Holdings());
    this.node = RegistryNode.create(context, () -> true);
    done(link.connected());
  }

  @AfterEach
  void close() {
    time.close();
    link.close();
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
