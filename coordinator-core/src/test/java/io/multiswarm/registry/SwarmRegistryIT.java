package io.multiswarm.registry;

import static io.multiswarm.common.Refused.refused;
import static io.multiswarm.registry.TestNode.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.internal.registry.SwarmActivity;
import io.multiswarm.internal.stream.StoredHistory;
import io.multiswarm.registry.SwarmRegistry.Departure;
import io.multiswarm.registry.SwarmRegistry.Registration;
import io.multiswarm.registry.SwarmRegistry.SwarmPage;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@RedisTest
@Tag("container")
class SwarmRegistryIT {

  private TestRedis redis;
  private TestNode node;

  @BeforeEach
  void open(TestRedis redis) {
    this.redis = redis;
    this.node = TestNode.idle("n1", redis);
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void register_ofAnObjectiveAlone_hasTheDefaults() {
    Registration made = done(node.registry().register(NewSwarm.of("Build \"REST\" API")));

    Map<String, Object> json = made.swarm().toJson().asMap();
    assertThat(json)
        .containsEntry("objective", "Build \"REST\" API")
        .containsEntry("strategy", "development")
        .containsEntry("mode", "mesh")
        .containsEntry("status", "active")
        .containsEntry("agents", List.of())
        .containsEntry("activeTasks", 0)
        .containsEntry("incarnation", json.get("createdAt"))
        .containsEntry("attached", true);
    assertThat(json.get("metadata"))
        .asString()
        .isEqualTo("{creator=null, phase=null, priority=normal, capabilities=[], tags=[]}");
    assertThat(made.key()).hasSize(43);
    assertThat(node.context.holdings().find(made.swarm().id())).isPresent();
    assertThat(node.get(made.swarm().id())).isEqualTo(made.swarm());
  }

  @Test
  void keys_afterRegister_areAsTheDesignHasThem() {
    Registration made = node.register("a");

    String view = redis.text("GET", node.keys().swarm("a"));
    assertThat(Json.parse(view)).isEqualTo(made.swarm().toJson());
    assertThat(redis.number("TTL", node.keys().swarm("a"))).isBetween(86_300L, 86_400L);
    assertThat(redis.list("ZRANGE", node.keys().index(), "0", "-1")).containsExactly("a");
    assertThat(redis.list("SMEMBERS", node.keys().status("active"))).containsExactly("a");
    assertThat(redis.text("HGET", node.keys().metrics(), "totalRegistered")).isEqualTo("1");
    assertThat(redis.text("HGET", node.keys().metrics(), "activeSwarms")).isEqualTo("1");
    assertThat(redis.list("HVALS", node.keys().record("a"))).doesNotContain(made.key());
  }

  @Test
  void register_ofAnIdInUse_isRefused() {
    node.register("a");
    refused(ErrorCode.ALREADY_EXISTS, () -> node.register("a"));
  }

  @Test
  void register_repeatedWhenTheSwarmWasLetGo_attachesIt() {
    for (Departure departure : Departure.values()) {
      Mono<Registration> call = node.registry().register(NewSwarm.of("x").withId("a" + departure));
      Registration unheard = done(call);
      node.detach(unheard.ownership(), departure);

      Registration repeated = done(call);
      assertThat(repeated.key()).isEqualTo(unheard.key());
      assertThat(repeated.swarm()).isEqualTo(node.get("a" + departure));
      assertThat(repeated.swarm().attached()).isTrue();
      assertThat(repeated.swarm().status()).isEqualTo(SwarmStatus.ACTIVE);
      done(node.registry().heartbeat(repeated.ownership(), Json.EMPTY_ARRAY));
      refused(ErrorCode.FENCED, () -> done(node.registry().heartbeat(unheard.ownership(), null)));
    }
  }

  @Test
  void ids_malformedOrReserved_neverReachRedis() {
    node.register("warm-up");
    redis.cli("CONFIG", "RESETSTAT");
    for (String bad : List.of("", "-a", "a b", "a:b", "x".repeat(129), "leader", "sys", "ä")) {
      refused(ErrorCode.INVALID_ARGUMENT, () -> NewSwarm.of("x").withId(bad));
      refused(ErrorCode.INVALID_ARGUMENT, () -> node.get(bad));
      refused(ErrorCode.INVALID_ARGUMENT, () -> done(node.registry().attach(bad, "k")));
    }
    assertThat(redis.commandCounts()).doesNotContainKey("evalsha");
  }

  @Test
  void registrations_150AtOnceUnderALimitOf100_leaveExactly100() {
    CoordinationOptions options = CoordinationOptions.defaults().withMaxSwarms(100);
    try (TestNode limited = TestNode.idle("n2", redis, options);
        TestNode second = TestNode.idle("n3", redis, options)) {
      List<Boolean> outcomes =
          done(
              Flux.range(0, 150)
                  .flatMap(i -> attempt(i % 2 == 0 ? limited : second, i), 150)
                  .collectList());

      assertThat(outcomes).filteredOn(admitted -> admitted).hasSize(100);
      assertThat(redis.number("ZCARD", limited.keys().index())).isEqualTo(100);
      assertThat(redis.number("SCARD", limited.keys().status("active"))).isEqualTo(100);
    }
  }

  private static Mono<Boolean> attempt(TestNode on, int number) {
    return on.registry()
        .register(NewSwarm.of("x").withId("s" + number))
        .thenReturn(true)
        .onErrorResume(
            e -> CoordinationException.is(e, ErrorCode.RESOURCE_EXHAUSTED), e -> Mono.just(false));
  }

  @Test
  void listing_whileOthersComeAndGo_hasEachSwarmOnceNewestFirst() {
    List<String> ids = IntStream.range(0, 250).mapToObj(i -> "s" + i).toList();
    done(Flux.fromIterable(ids).concatMap(id -> registering(id)).then());

    List<String> seen = new ArrayList<>();
    String cursor = null;
    int round = 0;
    do {
      SwarmPage page = done(node.registry().list(SwarmQuery.ALL.withLimit(60).withCursor(cursor)));
      page.swarms().forEach(swarm -> seen.add(swarm.id()));
      cursor = page.nextCursor();
      node.register("late" + round);
      done(node.registry().deregister(Ownership.administrator("s" + (239 - round)), null));
      round++;
    } while (cursor != null);

    Set<String> stayed = new HashSet<>(ids);
    IntStream.range(0, round).forEach(i -> stayed.remove("s" + (239 - i)));
    assertThat(seen).doesNotHaveDuplicates().containsAll(stayed);
    assertThat(seen.stream().filter(stayed::contains).toList())
        .isSortedAccordingTo((a, b) -> ids.indexOf(b) - ids.indexOf(a));
  }

  private Mono<Registration> registering(String id) {
    return node.registry().register(NewSwarm.of("objective of " + id).withId(id));
  }

  @Test
  void list_withFilters_findsWhatFitsAllOfThem() {
    Json backend = Json.of(Map.of("phase", "backend", "capabilities", List.of("api", "db")));
    done(node.registry().register(NewSwarm.of("Build the API").withId("a").withMetadata(backend)));
    done(
        node.registry().register(NewSwarm.of("Build the UI").withId("b").withStrategy("research")));

    assertThat(idsOf(SwarmQuery.ALL)).containsExactly("b", "a");
    assertThat(idsOf(SwarmQuery.ALL.withPhase("backend"))).containsExactly("a");
    assertThat(idsOf(SwarmQuery.ALL.withPhase("back"))).isEmpty();
    assertThat(idsOf(SwarmQuery.ALL.withCapability("db"))).containsExactly("a");
    assertThat(idsOf(SwarmQuery.ALL.withObjective("build THE"))).containsExactly("b", "a");
    assertThat(idsOf(SwarmQuery.ALL.withStrategy("research").withObjective("ui")))
        .containsExactly("b");
    assertThat(idsOf(SwarmQuery.ALL.withStatus(SwarmStatus.FAILED))).isEmpty();
  }

  @Test
  void list_byTextThatJsonWritesOtherwise_findsIt() {
    Json written =
        Json.parse("{\"phase\":\"b\\u0061ck\",\"capabilities\":[\"c\\\\d\",\"\u00fc\"]}");
    done(
        node.registry()
            .register(NewSwarm.of("a \"Quoted\" part").withId("a").withMetadata(written)));
    done(node.registry().register(NewSwarm.of("GR\u00d6SSE").withId("b")));

    assertThat(idsOf(SwarmQuery.ALL.withPhase("back"))).containsExactly("a");
    assertThat(idsOf(SwarmQuery.ALL.withCapability("c\\d"))).containsExactly("a");
    assertThat(idsOf(SwarmQuery.ALL.withCapability("\u00fc"))).containsExactly("a");
    assertThat(idsOf(SwarmQuery.ALL.withCapability("back"))).isEmpty();
    assertThat(idsOf(SwarmQuery.ALL.withObjective("\"quoted\""))).containsExactly("a");
    assertThat(idsOf(SwarmQuery.ALL.withObjective("gr\u00f6"))).containsExactly("b");
  }

  @Test
  void list_besideARecordThatIsNoHash_findsTheOthers() {
    done(registering("good"));
    done(registering("bad"));
    redis.cli("DEL", node.context.keys().record("bad"));
    redis.cli("SET", node.context.keys().record("bad"), "x");

    assertThat(idsOf(SwarmQuery.ALL.withObjective("objective"))).containsExactly("good");
  }

  /** Over more than one step of the index, pages that end within a part, and large swarms. */
  @Test
  void list_thatSearches_hasEachThatFitsOnceNewestFirst() {
    Json large = Json.of(Map.of("note", "x".repeat(60_000)));
    Json small = Json.of(Map.of());
    done(
        Flux.range(0, 620)
            .concatMap(
                i ->
                    node.registry()
                        .register(
                            NewSwarm.of(i % 7 == 0 ? "rare" : "common")
                                .withId("s" + i)
                                .withMetadata(i % 70 == 0 ? large : small)))
            .then());
    List<String> rare =
        IntStream.iterate(616, i -> i - 7).limit(89).mapToObj(i -> "s" + i).toList();

    SwarmQuery query = SwarmQuery.ALL.withObjective("RARE");
    assertThat(pages(query.withLimit(20)).stream().flatMap(List::stream))
        .containsExactlyElementsOf(rare);
    List<List<String>> active = pages(query.withStatus(SwarmStatus.ACTIVE).withLimit(30));
    assertThat(active.stream().flatMap(List::stream)).containsExactlyElementsOf(rare);
  }

  private List<List<String>> pages(SwarmQuery query) {
    List<List<String>> pages = new ArrayList<>();
    SwarmPage page = done(node.registry().list(query));
    pages.add(idsOf(page));
    while (page.nextCursor() != null) {
      page = done(node.registry().list(query.withCursor(page.nextCursor())));
      pages.add(idsOf(page));
    }
    return pages;
  }

  private static List<String> idsOf(SwarmPage page) {
    return page.swarms().stream().map(Swarm::id).toList();
  }

  private List<String> idsOf(SwarmQuery query) {
    return done(node.registry().list(query)).swarms().stream().map(Swarm::id).toList();
  }

  @Test
  void update_ofMetadata_isAMergePatchWithDefaultsKept() {
    Registration made = node.register("a");
    Json patch = Json.parse("{\"phase\":\"x\",\"own\":{\"a\":1.50,\"b\":2}}");
    done(node.registry().update(made.ownership(), SwarmUpdate.NOTHING.withMetadata(patch)));
    Json second = Json.parse("{\"phase\":null,\"own\":{\"b\":null},\"priority\":\"high\"}");
    Swarm swarm =
        done(node.registry().update(made.ownership(), SwarmUpdate.NOTHING.withMetadata(second)));

    assertThat(swarm.metadata().json().asMap().toString())
        .isEqualTo(
            "{creator=null, phase=null, priority=high, capabilities=[], tags=[], own={a=1.5}}");
    assertThat(Json.parse(redis.text("GET", node.keys().swarm("a")))).isEqualTo(swarm.toJson());
  }

  @Test
  void updates_ofOneSwarmAtOnce_takeEffectInTheirOrderAndLoseNothing() {
    Registration made = node.register("a");
    List<Mono<Swarm>> updates = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Json patch = Json.parse("{\"last\":" + i + ",\"m" + i + "\":true}");
      updates.add(
          node.registry().update(made.ownership(), SwarmUpdate.NOTHING.withMetadata(patch)));
    }
    done(Flux.mergeSequential(updates, 50, 1).then());

    Map<String, Object> metadata = node.get("a").metadata().json().asMap();
    assertThat(metadata).containsEntry("last", 49).hasSize(5 + 1 + 50);
  }

  @Test
  void update_toAStatusThatIsNotAllowed_isRefusedAndChangesNothing() {
    Registration made = node.register("a");
    refused(ErrorCode.FAILED_PRECONDITION, () -> status(made.ownership(), SwarmStatus.INTERRUPTED));
    assertThat(status(made.ownership(), SwarmStatus.ACTIVE).status()).isEqualTo(SwarmStatus.ACTIVE);
    status(made.ownership(), SwarmStatus.COMPLETED);
    refused(ErrorCode.FAILED_PRECONDITION, () -> status(made.ownership(), SwarmStatus.ACTIVE));
    assertThat(redis.list("SMEMBERS", node.keys().status("completed"))).containsExactly("a");
    assertThat(redis.list("SMEMBERS", node.keys().status("active"))).isEmpty();
  }

  private Swarm status(Ownership owner, SwarmStatus status) {
    return done(node.registry().update(owner, SwarmUpdate.NOTHING.withStatus(status)));
  }

  @Test
  void statuses_inJavaAndInTheScript_allowTheSame() {
    for (SwarmStatus from : SwarmStatus.values()) {
      for (SwarmStatus to : SwarmStatus.values()) {
        String id = from.word() + "-" + to.word();
        Ownership owner = node.register(id).ownership();
        redis.cli("HSET", node.keys().record(id), "status", from.word());
        boolean allowed;
        try {
          status(owner, to);
          allowed = true;
        } catch (CoordinationException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.FAILED_PRECONDITION);
          allowed = false;
        }
        assertThat(allowed).as(id).isEqualTo(from.canBecome(to));
      }
    }
  }

  @Test
  void deregister_always_archivesAndFreesTheId() {
    Registration made = node.register("a");
    done(node.registry().deregister(made.ownership(), "failed"));

    refused(ErrorCode.NOT_FOUND, () -> node.get("a"));
    Map<String, Object> archived = Json.parse(redis.text("GET", node.keys().archive("a"))).asMap();
    assertThat(archived).containsEntry("status", "failed").containsEntry("attached", false);
    assertThat(redis.number("TTL", node.keys().archive("a"))).isBetween(604_700L, 604_800L);
    assertThat(redis.list("KEYS", "*" + redis.fleet() + "*status*")).isEmpty();
    assertThat(redis.number("EXISTS", node.keys().index(), node.keys().roster())).isZero();
    assertThat(node.context.holdings().size()).isZero();

    Registration again = node.register("a");
    assertThat(again.ownership().incarnation()).isGreaterThan(made.ownership().incarnation());
    refused(ErrorCode.FENCED, () -> done(node.registry().deregister(made.ownership(), null)));
  }

  @Test
  void events_ofALife_areOnTheChannelInOrder() {
    Registration made = node.register("a");
    status(made.ownership(), SwarmStatus.COMPLETED);
    done(node.registry().deregister(made.ownership(), null));

    List<String> types = new ArrayList<>();
    for (String envelope :
        StoredHistory.envelopes(redis, node.keys().historyStream("swarm:events"))) {
      Map<?, ?> payload = (Map<?, ?>) Json.parse(envelope).asMap().get("payload");
      types.add((String) payload.get("type"));
    }
    assertThat(types).containsExactly("swarm_registered", "swarm_updated", "swarm_deregistered");
  }

  @Test
  void heartbeat_withAgents_storesThem() {
    Registration made = node.register("a");
    done(node.registry().heartbeat(made.ownership(), Json.parse("[{\"id\":\"x\"}]")));
    done(node.registry().heartbeat(made.ownership(), null));

    assertThat(node.get("a").agents()).hasToString("[{\"id\":\"x\"}]");
    Ownership old = new Ownership("a", 99);
    refused(ErrorCode.FENCED, () -> done(node.registry().heartbeat(old, null)));
    refused(
        ErrorCode.NOT_FOUND,
        () -> done(node.registry().heartbeat(Ownership.administrator("b"), null)));
  }

  @Test
  void activity_whenFlushed_isInTheMetrics() {
    node.register("a");
    node.node.activity().record("a", SwarmActivity.Counter.MESSAGES_SENT, 3);
    node.node.activity().record("a", SwarmActivity.Counter.TASKS_COMPLETED);
    node.node.activity().record("nobody", SwarmActivity.Counter.ERRORS);
    node.node.start();

    io.multiswarm.testing.Await.await(
        java.time.Duration.ofSeconds(30),
        () -> node.get("a").metrics().equals(new Swarm.Metrics(1, 0, 3, 0)));
  }

  @Test
  void statistics_always_countByStatus() {
    Registration made = node.register("a");
    node.register("b");
    status(made.ownership(), SwarmStatus.COMPLETED);
    RegistryStatistics statistics = done(node.registry().statistics());

    assertThat(statistics.activeSwarms()).isEqualTo(1);
    assertThat(statistics.totalSwarms()).isEqualTo(2);
    assertThat(statistics.totalRegistered()).isEqualTo(2);
    assertThat(statistics.byStatus()).containsEntry(SwarmStatus.COMPLETED, 1L);
  }
}
