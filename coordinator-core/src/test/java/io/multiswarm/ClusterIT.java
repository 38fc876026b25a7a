package io.multiswarm;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.SlotHash;
import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.ChannelName;
import io.multiswarm.messaging.NewMessage;
import io.multiswarm.messaging.Position;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.resources.PoolDefinition;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.testing.ClusterGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** A fleet on a cluster of Redis lives in one slot, and follows it. */
class ClusterIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int DEFAULT_SLOT = SlotHash.getSlot("{swarm}");
  private static final Retry AGAIN =
      Retry.fixedDelay(Long.MAX_VALUE, Duration.ofMillis(20)).filter(ClusterIT::isAway);

  private final ClusterGroup redis = ClusterGroup.launch(DEFAULT_SLOT);
  private final int owner = ClusterGroup.ownerAtFirst(DEFAULT_SLOT);
  private final int other = (owner + 1) % 3;
  private final List<MultiSwarmCoordination> nodes = new ArrayList<>();
  private final List<Disposable> writing = new ArrayList<>();
  private final List<ChannelEvent> heard = new CopyOnWriteArrayList<>();
  private final Set<Long> ledger = ConcurrentHashMap.newKeySet();
  private final AtomicLong acknowledged = new AtomicLong();

  private static boolean isAway(Throwable error) {
    return error instanceof CoordinationException refused
        && refused.code() == ErrorCode.UNAVAILABLE;
  }

  private MultiSwarmCoordination node(String uri, String fleet) {
    MultiSwarmCoordination node =
        MultiSwarmCoordination.create(uri, CoordinationOptions.defaults().withFleet(fleet));
    nodes.add(node);
    node.initialize().block(SOON);
    return node;
  }

  @AfterEach
  void end() {
    writing.forEach(Disposable::dispose);
    Flux.fromIterable(nodes)
        .flatMap(MultiSwarmCoordination::shutdown)
        .onErrorComplete()
        .blockLast(SOON);
    redis.close();
  }

  /** One writes without end, another hears it. */
  private void talk() {
    MultiSwarmCoordination writer = node(redis.uri(other), "");
    MultiSwarmCoordination reader = node(redis.uri(owner, other), "");
    writer.createSwarm(NewSwarm.of("talk").withId("one")).retryWhen(AGAIN).block(SOON);
    writing.add(
        reader.channels().flux(ChannelName.GLOBAL, Position.BEGINNING).subscribe(heard::add));
    writing.add(
        Mono.defer(() -> writer.broadcast("one", NewMessage.of("t", 1)))
            .doOnNext(
                published -> {
                  ledger.add(published.position().offset());
                  acknowledged.incrementAndGet();
                })
            .retryWhen(AGAIN)
            .repeat()
            .subscribe());
    await("writes", SOON, () -> heard.size() > 50);
  }

  private void writesGoOn() {
    long before = acknowledged.get();
    await("further writes", SOON, () -> acknowledged.get() > before + 100);
  }

  /** All that was promised was heard, once and in order. */
  private void nothingIsMissing() {
    writing.remove(1).dispose();
    long last = ledger.stream().mapToLong(Long::longValue).max().orElseThrow();
    await(
        "what was acknowledged",
        SOON,
        () -> !heard.isEmpty() && offset(heard.get(heard.size() - 1)) >= last);
    List<Long> offsets = heard.stream().map(ClusterIT::offset).toList();
    assertThat(offsets)
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, offsets.size()).boxed().collect(Collectors.toList()));
  }

  private static long offset(ChannelEvent event) {
    return ((ChannelMessage) event).position().offset();
  }

  @Test
  void fleets_withAndWithoutName_workFromAnySeed() {
    for (int seed = 0; seed < 4; seed++) {
      for (String fleet : List.of("", "blue" + seed)) {
        MultiSwarmCoordination node = node(redis.uri(seed), fleet);
        String id = "s" + seed;
        node.createSwarm(NewSwarm.of("talk").withId(id)).block(SOON);
        node.resources().define(PoolDefinition.of("cpu" + seed, 100)).block(SOON);
        node.distributeTask(id, NewTask.of("d")).block(SOON);
        node.broadcast(id, NewMessage.of("t", 1)).block(SOON);
        assertThat(node.getStatistics().block(SOON).registry().totalRegistered()).isPositive();
      }
    }
    for (int master = 0; master < 3; master++) {
      assertThat((List<?>) redis.call(master, "KEYS", "*"))
          .allSatisfy(key -> assertThat((String) key).matches("\\{(swarm|blue\\d)}:.*"));
    }
  }

  /** That Redis is a cluster, and so the names of all, is known after that. */
  @Test
  void calls_putTogetherBeforeTheFirstConnection_goToTheSlotOfTheFleet() {
    MultiSwarmCoordination node =
        MultiSwarmCoordination.create(redis.uri(other), CoordinationOptions.defaults());
    nodes.add(node);
    Mono<Void> calls = Mono.when(node.probe(), node.getStatistics(), node.election().leader());

    node.initialize().then(calls).block(SOON);
  }

  @Test
  void slot_thatMoves_isFollowed() {
    talk();

    redis.moveSlot(DEFAULT_SLOT, owner, other);

    writesGoOn();
    assertThat(redis.owns(other, DEFAULT_SLOT)).isTrue();
    nothingIsMissing();
  }

  @Test
  void owner_killed_itsReplicaIsFollowed() {
    talk();

    redis.kill(owner);

    await("the promotion", SOON, () -> redis.owns(3, DEFAULT_SLOT));
    writesGoOn();
  }

  @Test
  void owner_frozen_itsReplicaIsFollowed() {
    talk();

    redis.pause(owner);

    await("the promotion", SOON, () -> redis.owns(3, DEFAULT_SLOT));
    writesGoOn();
    redis.resume(owner);
    await("its demotion", SOON, () -> !redis.owns(owner, DEFAULT_SLOT));
    writesGoOn();
  }
}
