package io.multiswarm;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.ChannelName;
import io.multiswarm.messaging.NewMessage;
import io.multiswarm.messaging.Position;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.resources.Pool;
import io.multiswarm.resources.PoolDefinition;
import io.multiswarm.resources.Resources.ResourceQuery;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.tasks.TaskQuery;
import io.multiswarm.testing.LogLines;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisProxy;
import io.multiswarm.testing.RedisTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** A Redis that says nothing, although its connections look as if they were up. */
@RedisTest
@Tag("container")
class SilentRedisIT {

  private static final Duration SOON = Duration.ofSeconds(50);
  private static final Retry AGAIN =
      Retry.fixedDelay(Long.MAX_VALUE, Duration.ofMillis(50)).filter(SilentRedisIT::isAway);

  private final List<MultiSwarmCoordination> nodes = new ArrayList<>();

  private MultiSwarmCoordination node(String uri, OwnedRedis redis, String swarm) {
    MultiSwarmCoordination node =
        MultiSwarmCoordination.create(uri, CoordinationOptions.defaults().withFleet(redis.fleet()));
    nodes.add(node);
    node.initialize().block(SOON);
    node.createSwarm(NewSwarm.of("talk").withId(swarm)).block(SOON);
    return node;
  }

  @AfterEach
  void stop() {
    Flux.fromIterable(nodes).flatMap(MultiSwarmCoordination::shutdown).blockLast(SOON);
  }

  @Test
  void connections_halfOpen_areMadeAnewAndNothingIsMissed(OwnedRedis redis) {
    try (RedisProxy network = RedisProxy.before(redis)) {
      MultiSwarmCoordination cut = node(network.uri(), redis, "cut");
      MultiSwarmCoordination other = node(redis.uri(), redis, "other");
      List<ChannelEvent> heard = hear(cut);
      say(other, "other", 5);
      await("the beginning", SOON, () -> heard.size() == 5);

      network.halfOpenAll();
      say(other, "other", 20);

      await("what was said meanwhile", SOON, () -> heard.size() == 25);
      assertThat(cut.broadcast("cut", NewMessage.of("t", 26)).retryWhen(AGAIN).block(SOON))
          .extracting(published -> published.position().offset())
          .isEqualTo(26L);
      await("its own", SOON, () -> heard.size() == 26);
      assertThat(heard)
          .extracting(event -> ((ChannelMessage) event).position().offset())
          .containsExactlyElementsOf(LongStream.rangeClosed(1, 26).boxed().toList());
      stop();
      nodes.clear();
    }
  }

  @Test
  void handshakes_thatAreNotAnswered_areGivenUpAndMadeAnew(OwnedRedis redis) {
    try (RedisProxy network = RedisProxy.before(redis)) {
      MultiSwarmCoordination cut = node(network.uri(), redis, "cut");

      network.swallow();
      long before = network.accepted();
      // The three connections again and again: each is accepted, and hears nothing.
      await("further attempts", SOON, () -> network.accepted() >= before + 9);
      network.heal();

      cut.broadcast("cut", NewMessage.of("t", 1)).retryWhen(AGAIN).block(SOON);
      stop();
      nodes.clear();
    }
  }

  /** The leader's and the upkeep's duties fail all the time meanwhile. */
  @Test
  void outage_ofANodeThatLeads_isToldOnceAndWhenItIsOver(OwnedRedis redis) {
    try (RedisProxy network = RedisProxy.before(redis)) {
      MultiSwarmCoordination node = node(network.uri(), redis, "one");
      node.election()
          .leader()
          .repeatWhenEmpty(times -> times.delayElements(Duration.ofMillis(20)))
          .block(SOON);

      try (LogLines log = LogLines.of("io.multiswarm")) {
        network.swallow();
        long before = network.accepted();
        await("attempts to come back", SOON, () -> network.accepted() >= before + 12);
        network.heal();

        log.awaitLine("the end", line -> line.startsWith("INFO Redis is connected again after"));
        // That it is lost, why it is not reached, and what became of the node's lease.
        assertThat(log.all())
            .filteredOn(line -> !line.startsWith("INFO"))
            .doesNotHaveDuplicates()
            .hasSizeBetween(1, 3)
            .noneMatch(line -> line.contains("CoordinationException"));
      }
      stop();
      nodes.clear();
    }
  }

  @Test
  void redis_frozen_failsCallsAndCarriesThemOutOnce(OwnedRedis redis) {
    MultiSwarmCoordination node = node(redis.uri(), redis, "one");
    node.resources().define(PoolDefinition.of("cpu", 100)).block(SOON);
    node.resources().define(PoolDefinition.of("memory", 100)).block(SOON);
    node.allocateResource("one", "memory", 10).block(SOON);
    List<Mono<?>> calls =
        List.of(
            node.broadcast("one", NewMessage.of("t", 1)),
            node.sendMessage("one", "one", NewMessage.of("t", 2)),
            node.getMessenger("one").publish(ChannelName.AGENTS, NewMessage.of("t", 3)),
            node.distributeTask("one", NewTask.of("d")),
            node.allocateResource("one", "cpu", 5),
            node.releaseResource("one", "memory", 6L),
            node.resources().release(node.ownership("one"), "memory", 2L),
            node.createSwarm(NewSwarm.of("late").withId("late")));

    redis.pause();
    // Together, so that all of them lie in the sockets when it goes on.
    List<CompletableFuture<?>> first = new ArrayList<>();
    calls.forEach(call -> first.add(call.toFuture()));
    for (CompletableFuture<?> call : first) {
      assertThatThrownBy(() -> call.get(SOON.toSeconds(), TimeUnit.SECONDS))
          .cause()
          .matches(SilentRedisIT::isAway, "tells that Redis is away");
    }
    redis.resume();
    Flux.fromIterable(calls).concatMap(call -> call.retryWhen(AGAIN)).blockLast(SOON);

    for (String channel : List.of(ChannelName.GLOBAL, ChannelName.of("one"), ChannelName.AGENTS)) {
      assertThat(node.channels().history(channel, null, 100).block(SOON).messages())
          .as(channel)
          .hasSize(1);
    }
    assertThat(node.tasks().list(TaskQuery.ALL).block(SOON).tasks()).hasSize(1);
    assertThat(node.resources().list(ResourceQuery.ALL).block(SOON))
        .extracting(Pool::available)
        .containsExactly(95L, 98L);
    assertThat(node.ownership("late").swarmId()).isEqualTo("late");
    assertThat(node.getStatistics().block(SOON).registry().totalRegistered()).isEqualTo(2);
  }

  @Test
  void handler_thatIsAddedMeanwhile_hearsWhatComesAfterwards(OwnedRedis redis) {
    MultiSwarmCoordination node = node(redis.uri(), redis, "one");
    List<String> heard = new CopyOnWriteArrayList<>();

    redis.pause();
    node.getMessenger("one").onMessage("t", (payload, envelope) -> heard.add(envelope.id()));
    assertThatThrownBy(() -> node.channels().flux("swarm:other", null).blockFirst(SOON))
        .as("who subscribed later has given up by now")
        .matches(SilentRedisIT::isAway, "tells that Redis is away");
    redis.resume();

    await(
        "a message",
        SOON,
        () -> {
          node.broadcast("one", NewMessage.of("t", 1)).retryWhen(AGAIN).block(SOON);
          return !heard.isEmpty();
        });
  }

  private static List<ChannelEvent> hear(MultiSwarmCoordination node) {
    String epoch = node.channels().history(ChannelName.GLOBAL, null, 1).block(SOON).epoch();
    List<ChannelEvent> heard = new CopyOnWriteArrayList<>();
    node.channels().flux(ChannelName.GLOBAL, new Position(epoch, 0)).subscribe(heard::add);
    return heard;
  }

  private static void say(MultiSwarmCoordination node, String swarm, int count) {
    Flux.range(0, count)
        .concatMap(i -> node.broadcast(swarm, NewMessage.of("t", i)))
        .blockLast(SOON);
  }

  private static boolean isAway(Throwable error) {
    return CoordinationException.is(error, ErrorCode.UNAVAILABLE);
  }
}
