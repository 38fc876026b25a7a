package io.multiswarm.internal.state;

import static io.multiswarm.common.Refused.refused;
import static io.multiswarm.state.StateNode.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.state.Checkpoint;
import io.multiswarm.state.SavedVersion;
import io.multiswarm.state.Snapshot;
import io.multiswarm.state.StateNode;
import io.multiswarm.state.StateStatistics;
import io.multiswarm.state.SwarmState;
import io.multiswarm.testing.Await;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** {@code -Dstate.updates=10000} makes more of the concurrent updates. */
@RedisTest
class SwarmStatesIT {

  private static final int UPDATES = Integer.getInteger("state.updates", 2_000);

  private final TestRedis redis;
  private final StateNode node;
  private final Ownership owner;

  SwarmStatesIT(TestRedis redis) {
    this.redis = redis;
    this.node = new StateNode(redis);
    this.owner = node.register("s1");
  }

  @AfterEach
  void close() {
    node.close();
  }

  private Mono<SavedVersion> save(String json, Long ifVersion) {
    return node.states().save(owner, Json.parse(json), ifVersion);
  }

  @Test
  void state_saved_isTheUsersTextInRedisWithATimeToLive() {
    assertThat(node.save(owner, "{\"b\": 1, \"a\":[]}")).isEqualTo(1);
    assertThat(redis.text("GET", node.keys().state("s1"))).isEqualTo("{\"b\": 1, \"a\":[]}");
    assertThat(redis.number("TTL", node.keys().state("s1"))).isBetween(86_300L, 86_400L);
  }

  /** Checksums and merging take a large one milliseconds, which a connection's thread has not. */
  @Test
  void largeState_isWorkedOnApartFromTheConnections() throws Exception {
    BlockingQueue<Runnable> apart = new LinkedBlockingQueue<>();
    try (StateNode still = new StateNode(redis, Schedulers.fromExecutor(apart::add))) {
      Ownership large = still.register("large");
      Ownership small = still.register("small");
      Json state = Json.parse("{\"x\":\"" + "y".repeat(100_000) + "\"}");
      var saved = still.states().save(large, state, null).toFuture();
      still.save(small, "{}"); // which would be sent behind the other
      assertThat(redis.number("EXISTS", still.keys().state("large"))).isZero();
      apart.take().run();
      assertThat(saved.get(StateNode.PATIENCE.toSeconds(), TimeUnit.SECONDS).version())
          .isEqualTo(1);
    }
  }

  @Test
  void state_savedAndLoaded_comesBackByteForByte() {
    String text = "{ \"empty\":[],\"deep\":{\"n\":1e400},\"s\":\"\\u0000 é\" }";
    SavedVersion saved = done(save(text, null));
    SwarmState loaded = node.load(owner);
    assertThat(loaded.state()).isEqualTo(Json.parse(text));
    assertThat(loaded.saved()).isEqualTo(saved);
  }

  @Test
  void versions_ofSavesAndPatches_growByOne() {
    assertThat(node.save(owner, "{}")).isEqualTo(1);
    assertThat(node.save(owner, "{}")).isEqualTo(2);
    assertThat(done(node.states().update(owner, Json.parse("{\"a\":1}"), null)).version())
        .isEqualTo(3);
  }

  @Test
  void load_withoutAState_isNotFound() {
    refused(ErrorCode.NOT_FOUND, () -> node.load(owner));
  }

  @Test
  void save_ifAnotherVersion_isAConflictThatTellsTheCurrentOne() {
    assertThat(done(save("{}", 0L)).version()).isEqualTo(1);
    for (long stale : new long[] {0, 2}) {
      assertThatThrownBy(() -> done(save("{\"lost\":true}", stale)))
          .isInstanceOfSatisfying(
              CoordinationException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
                assertThat(e.details()).containsEntry("version", 1L);
              });
    }
    assertThat(done(save("{\"kept\":true}", 1L)).version()).isEqualTo(2);
  }

  @Test
  void save_ofWhatIsNoObject_isInvalid() {
    for (String json : List.of("[]", "1", "null", "\"text\"")) {
      refused(ErrorCode.INVALID_ARGUMENT, () -> done(save(json, null)));
    }
    refused(
        ErrorCode.INVALID_ARGUMENT,
        () -> done(node.states().update(owner, Json.parse("[]"), null)));
  }

  @Test
  void save_overTheLimit_isTooLargeAndKeepsTheOld() {
    node.save(owner, "{\"old\":1}");
    String large = "{\"x\":\"" + "y".repeat(CoordinationOptions.DEFAULT_MAX_MESSAGE_SIZE) + "\"}";
    refused(ErrorCode.PAYLOAD_TOO_LARGE, () -> done(save(large, null)));
    assertThat(node.load(owner).state()).isEqualTo(Json.parse("{\"old\":1}"));
  }

  @Test
  void save_ofTheLargestState_isKept() {
    String large = "{\"x\":\"" + "y".repeat((1 << 20) - 8) + "\"}";
    assertThat(large).hasSize(1 << 20);
    node.save(owner, large);
    node.manager.snapshots().create(owner, null).block(StateNode.PATIENCE);
    assertThat(done(node.states().update(owner, Json.parse("{\"x\":1}"), null)).state())
        .isEqualTo(Json.parse("{\"x\":1}"));
  }

  @Test
  void update_ofNestedMembers_isAMergePatch() {
    node.save(owner, "{\"a\":{\"b\":1,\"c\":2},\"d\":[1,2]}");
    SwarmState patched =
        done(
            node.states().update(owner, Json.parse("{\"a\":{\"b\":null,\"e\":3},\"d\":[]}"), null));
    assertThat(patched.state()).isEqualTo(Json.parse("{\"a\":{\"c\":2,\"e\":3},\"d\":[]}"));
    assertThat(node.load(owner)).isEqualTo(patched);
  }

  @Test
  void update_withoutAState_patchesAnEmptyObject() {
    Json patch = Json.parse("{\"a\":1}");
    refused(ErrorCode.CONFLICT, () -> done(node.states().update(owner, patch, 1L)));
    SwarmState patched = done(node.states().update(owner, patch, 0L));
    assertThat(patched.version()).isEqualTo(1);
    assertThat(patched.state()).isEqualTo(patch);
  }

  @Test
  void writesAndReads_startedTogether_takeEffectInOrder() {
    Mono<SwarmState> patch = node.states().update(owner, Json.parse("{\"a\":2}"), null);
    List<Object> results =
        done(
            Flux.<Object>mergeSequential(
                    save("{\"a\":1}", null),
                    patch,
                    save("{\"a\":3}", null),
                    node.states().load(owner).map(SwarmState::state),
                    patch,
                    node.states().load(owner).map(SwarmState::state))
                .collectList());
    assertThat(results.get(3)).isEqualTo(Json.parse("{\"a\":3}"));
    assertThat(results.get(5)).isEqualTo(Json.parse("{\"a\":2}"));
    assertThat(node.load(owner).version()).isEqualTo(4);
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void updates_concurrentWithIfVersion_loseNone() {
    node.save(owner, "{\"n\":0}");
    try (StateNode other = new StateNode(redis)) {
      AtomicInteger conflicts = new AtomicInteger();
      Mono<SwarmState> here = increment(node, conflicts);
      Mono<SwarmState> there = increment(other, conflicts);
      Flux.merge(
              Flux.range(0, UPDATES / 2).flatMap(i -> here, 3),
              Flux.range(0, UPDATES / 2).flatMap(i -> there, 3))
          .blockLast(Duration.ofMinutes(8));
      SwarmState end = done(Mono.defer(() -> node.states().load(administrator())));
      assertThat(end.state()).isEqualTo(Json.parse("{\"n\":" + UPDATES + "}"));
      assertThat(end.version()).isEqualTo(UPDATES + 1);
      assertThat(conflicts).hasPositiveValue();
    }
  }

  /** Both nodes act as administrators: otherwise one of them would be fenced. */
  private Mono<SwarmState> increment(StateNode at, AtomicInteger conflicts) {
    return Mono.defer(() -> at.states().load(administrator()))
        .flatMap(
            state -> {
              int n = Integer.parseInt(String.valueOf(state.state().members().get("n")));
              Json patch = Json.parse("{\"n\":" + (n + 1) + "}");
              return at.states().update(administrator(), patch, state.version());
            })
        .retryWhen(
            Retry.indefinitely()
                .filter(error -> CoordinationException.is(error, ErrorCode.CONFLICT))
                .doBeforeRetry(retry -> conflicts.incrementAndGet()));
  }

  private static Ownership administrator() {
    return Ownership.administrator("s1");
  }

  @Test
  void patches_concurrentOnTwoNodesWithoutIfVersion_loseNone() {
    try (StateNode other = new StateNode(redis)) {
      List<StateNode> nodes = List.of(node, other);
      done(
          Flux.range(0, 200)
              .flatMap(
                  i ->
                      nodes
                          .get(i % 2)
                          .states()
                          .update(administrator(), Json.parse("{\"k" + i + "\":1}"), null),
                  16)
              .count());
    }
    assertThat(done(node.states().load(administrator())).state().asMap()).hasSize(200);
  }

  @Test
  void delete_ofAState_keepsItsVersion() {
    node.save(owner, "{}");
    node.save(owner, "{}");
    assertThat(done(node.states().delete(owner))).isTrue();
    assertThat(done(node.states().delete(owner))).isFalse();
    refused(ErrorCode.NOT_FOUND, () -> node.load(owner));
    refused(ErrorCode.CONFLICT, () -> done(save("{}", 2L)));
    assertThat(done(save("{}", 0L)).version()).isEqualTo(3);
  }

  @Test
  void strangers_always_areRefused() {
    node.save(owner, "{}");
    Ownership former = owner;
    Ownership present = node.register("s1", 2);
    refused(ErrorCode.FENCED, () -> node.save(former, "{}"));
    refused(ErrorCode.FENCED, () -> node.load(former));
    refused(ErrorCode.FENCED, () -> node.snapshot(former));
    refused(ErrorCode.FENCED, () -> node.snapshots(former));
    refused(ErrorCode.NOT_FOUND, () -> node.save(new Ownership("nobody", 1), "{}"));
    assertThat(node.save(present, "{}")).isEqualTo(2);
  }

  @Test
  void state_ofAnEarlierLifeOfTheId_isNotSeen() {
    node.save(owner, "{\"secret\":1}");
    node.snapshot(owner);
    redis.cli("HSET", node.keys().record("s1"), "keyHash", "another");
    Ownership next = node.register("s1", 7);

    refused(ErrorCode.NOT_FOUND, () -> node.load(next));
    assertThat(node.snapshots(next)).isEmpty();
    refused(ErrorCode.NOT_FOUND, () -> node.snapshot(next));
    assertThat(done(node.states().save(next, Json.EMPTY_OBJECT, 0L)).version()).isEqualTo(1);
    node.snapshot(next);
    assertThat(node.snapshots(next)).hasSize(1);
  }

  @Test
  void deregistration_ofAHeldSwarm_removesWhatItSaved() {
    node.save(owner, "{}");
    node.snapshot(owner);
    done(node.manager.checkpoints().create(owner, Json.EMPTY_OBJECT, null));
    redis.cli("HDEL", node.keys().roster(), "s1");
    redis.cli("DEL", node.keys().record("s1"));
    node.context.holdings().remove("s1", 1, "deregistered");
    Await.await(
        "no key of the swarm",
        StateNode.PATIENCE,
        () -> redis.list("KEYS", "*" + redis.fleet() + "*:s1*").isEmpty());
  }

  @Test
  void load_ofADamagedState_isRefused() {
    node.save(owner, "{\"a\":1}");
    redis.cli("SETRANGE", node.keys().state("s1"), "2", "b");
    refused(
        ErrorCode.FAILED_PRECONDITION,
        () -> done(node.states().load(Ownership.administrator("s1"))));
  }

  @Test
  void load_again_isAnsweredFromMemoryUntilAnotherNodeSaves() {
    node.save(owner, "{\"a\":1}");
    node.load(owner);
    node.load(owner);
    assertThat(done(node.manager.statistics()).cacheMisses()).isZero();

    try (StateNode other = new StateNode(redis)) {
      done(other.states().save(administrator(), Json.parse("{\"a\":2}"), null));
    }
    SwarmState seen =
        Await.awaitValue(
            "the version of the other node",
            StateNode.PATIENCE,
            () -> node.load(owner),
            state -> state.version() == 2);
    assertThat(seen.state()).isEqualTo(Json.parse("{\"a\":2}"));
  }

  /** Each save is read at once while another node saves too, so that announcements cross reads. */
  @Test
  void load_afterAnOwnWrite_neverGivesAnOlderOne() {
    try (StateNode other = new StateNode(redis)) {
      Flux<SavedVersion> foreign =
          Flux.range(0, 300)
              .concatMap(i -> other.states().save(administrator(), Json.EMPTY_OBJECT, null));
      Flux<Boolean> own =
          Flux.range(0, 300)
              .concatMap(
                  i ->
                      node.states()
                          .save(owner, Json.parse("{\"i\":" + i + "}"), null)
                          .flatMap(
                              saved ->
                                  Flux.merge(
                                          node.states().load(owner),
                                          node.states().load(administrator()),
                                          node.states().load(owner))
                                      .all(seen -> seen.version() >= saved.version())));
      assertThat(done(Flux.merge(foreign.thenMany(Flux.empty()), own).collectList()))
          .hasSize(300)
          .containsOnly(true);
    }
    assertThat(done(node.manager.statistics()).cacheHits()).isPositive();
  }

  @Test
  void upkeep_ofHeldSwarms_renewsAllTheirKeys() {
    node.save(owner, "{}");
    Snapshot snapshot = node.snapshot(owner);
    Checkpoint checkpoint = done(node.manager.checkpoints().create(owner, Json.EMPTY_OBJECT, null));
    List<String> keys =
        List.of(
            node.keys().state("s1"),
            node.keys().sys("state", "s1"),
            node.keys().sys("snapshots", "s1"),
            node.keys().sys("checkpoints", "s1"),
            node.keys().snapshot("s1", snapshot.id()),
            node.keys().checkpoint("s1", checkpoint.id()));
    keys.forEach(key -> redis.cli("EXPIRE", key, "100"));

    new StateUpkeep(new StateCalls(node.context)).round(any -> true).block(StateNode.PATIENCE);

    assertThat(keys).allSatisfy(key -> assertThat(redis.number("TTL", key)).isGreaterThan(86_000));
  }

  @Test
  void statistics_afterSaves_countThem() {
    IntStream.range(0, 3).forEach(i -> node.save(owner, "{}"));
    node.snapshot(owner);
    StateStatistics statistics = done(node.manager.statistics());
    assertThat(statistics.statesSaved()).isEqualTo(3);
    assertThat(statistics.snapshotsCreated()).isEqualTo(1);
    assertThat(redis.text("HGET", node.keys().stateStatistics(), "statesSaved")).isEqualTo("3");
  }
}
