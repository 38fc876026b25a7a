package io.multiswarm.internal.conflict;

import static io.multiswarm.common.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.common.Priority;
import io.multiswarm.conflict.Conflict;
import io.multiswarm.conflict.Conflict.Contestant;
import io.multiswarm.conflict.Conflict.Vote;
import io.multiswarm.conflict.ConflictOptions;
import io.multiswarm.conflict.ConflictStrategy;
import io.multiswarm.conflict.Conflicts;
import io.multiswarm.conflict.Resolution;
import io.multiswarm.conflict.VoteRequest;
import io.multiswarm.election.Leadership.Leader;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.TestNodes;
import io.multiswarm.internal.redis.Script;
import io.multiswarm.internal.redis.ScriptCall;
import io.multiswarm.internal.registry.RegistryNode;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.registry.SwarmMetadata;
import io.multiswarm.registry.SwarmMode;
import io.multiswarm.registry.SwarmRegistry.Departure;
import io.multiswarm.testing.Await;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@RedisTest
class ConflictsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** For votes that do not end by their time, which is Redis's, while a test runs. */
  private static final Duration LONG = Duration.ofMinutes(10);

  /** A node of registry and conflicts. */
  private static final class Node implements AutoCloseable {
    final TestNodes node;
    final NodeContext context;
    final RegistryNode registry;
    final Conflicts conflicts;
    final List<VoteRequest> asked = new CopyOnWriteArrayList<>();

    Node(TestRedis redis) {
      node =
          TestNodes.connect(redis.uri(), CoordinationOptions.defaults().withFleet(redis.fleet()));
      context = node.context();
      registry = RegistryNode.create(context);
      conflicts = new RedisConflicts(context, registry.registry(), ConflictOptions.defaults());
      conflicts.voteRequests().subscribe(asked::add);
      node.startSignals();
    }

    @Override
    public void close() {
      node.close();
    }
  }

  private TestRedis redis;
  private Node node;
  private Node other;

  @BeforeEach
  void open(TestRedis redis) {
    this.redis = redis;
    this.node = new Node(redis);
    this.other = new Node(redis);
  }

  @AfterEach
  void close() {
    node.close();
    other.close();
  }

  @Test
  void priority_higherWins_whateverTheObjectsSay() {
    register("low", "low");
    register("high", "high");
    Resolution resolution =
        done(
            node.conflicts.resolve(
                Conflict.of(
                    "resource_conflict",
                    Contestant.described("low", Priority.HIGH, 1L),
                    Contestant.registered("high"))));
    assertThat(resolution.winner()).isEqualTo("high");
    assertThat(resolution.loser()).isEqualTo("low");
    assertThat(resolution.strategy()).isEqualTo(ConflictStrategy.PRIORITY);
    assertThat(resolution.reason()).isEqualTo("priority high over low");
    assertThat(resolution.votes()).isEmpty();
    assertThat(coordination())
        .containsSubsequence("conflict_detected", "conflict_resolved", "\"winner\":\"high\"");
  }

  @Test
  void described_unregistered_countAsTheyAre() {
    Contestant old = Contestant.described("x", Priority.NORMAL, 1L);
    Contestant young = Contestant.described("b", Priority.NORMAL, 2L);
    Contestant important = Contestant.described("c", Priority.HIGH, null);
    Contestant ageless = Contestant.described("a", Priority.NORMAL, null);
    assertThat(winner(young, old, ConflictStrategy.PRIORITY)).isEqualTo("x");
    assertThat(winner(old, important, ConflictStrategy.PRIORITY)).isEqualTo("c");
    assertThat(winner(important, old, ConflictStrategy.TIMESTAMP)).isEqualTo("x");
    assertThat(winner(important, ageless, ConflictStrategy.TIMESTAMP)).isEqualTo("a");
  }

  @Test
  void input_thatIsNoConflict_isRefused() {
    register("a", "normal");
    Contestant a = Contestant.registered("a");
    refused(ErrorCode.INVALID_ARGUMENT, () -> Conflict.of("x", a, a));
    refused(ErrorCode.INVALID_ARGUMENT, () -> Conflict.of("", a, Contestant.registered("b")));
    refused(ErrorCode.INVALID_ARGUMENT, () -> Contestant.registered("leader"));
    refused(ErrorCode.INVALID_ARGUMENT, () -> ConflictStrategy.parse("dice"));
    refused(
        ErrorCode.NOT_FOUND,
        () -> done(node.conflicts.resolve(Conflict.of("x", a, Contestant.registered("b")))));
  }

  @Test
  void resolve_sameIdAgain_returnsTheFirstDecision() {
    Contestant a = Contestant.described("a", Priority.HIGH, 1L);
    Contestant b = Contestant.described("b", Priority.LOW, 2L);
    Conflict first = Conflict.of("x", a, b).withId("c1");
    Conflict changed =
        Conflict.of("x", Contestant.described("a", Priority.LOW, 3L), b).withId("c1");
    Resolution decided = done(node.conflicts.resolve(first));
    assertThat(done(other.conflicts.resolve(changed.by(ConflictStrategy.TIMESTAMP))))
        .isEqualTo(decided);
    assertThat(redis.number("XLEN", node.context.keys().sys("conflict-log"))).isEqualTo(1);
  }

  @Test
  void resolve_sameIdAfterAContestantHasEnded_returnsTheFirstDecision() {
    attach(node, "a");
    Ownership b = attach(node, "b");
    Conflict conflict =
        Conflict.of("x", Contestant.registered("a"), Contestant.registered("b")).withId("c1");
    Resolution decided = done(node.conflicts.resolve(conflict));
    node.registry.registry().deregister(b, null).block(PATIENCE);
    assertThat(done(other.conflicts.resolve(conflict))).isEqualTo(decided);
    refused(ErrorCode.NOT_FOUND, () -> done(node.conflicts.resolve(conflict.withId("c2"))));
  }

  @Test
  void voting_of100SwarmsOnTwoNodes_countsEachBallotOnce() {
    List<Ownership> voters = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      voters.add(attach(i % 2 == 0 ? node : other, "s" + i));
    }
    CompletableFuture<Resolution> resolving = vote("s0", "s1", new Vote(LONG, 90, List.of()));
    Await.await("all to be asked", PATIENCE, () -> node.asked.size() + other.asked.size() == 100);
    assertThat(other.asked)
        .allSatisfy(
            request -> {
              assertThat(request.type()).isEqualTo("x \"y\"");
              assertThat(request.timeout()).isBetween(Duration.ofSeconds(10), LONG);
            });
    String id = node.asked.get(0).conflictId();

    Ownership foreigner = attach(node, "late");
    refused(ErrorCode.PERMISSION_DENIED, () -> cast(foreigner, id, "s0"));
    refused(ErrorCode.INVALID_ARGUMENT, () -> cast(voters.get(0), id, "s2"));
    refused(ErrorCode.NOT_FOUND, () -> cast(voters.get(0), "other", "s0"));
    refused(ErrorCode.FENCED, () -> cast(new Ownership("s0", 2), id, "s0"));
    for (int i = 0; i < 90; i++) {
      assertThat(resolving).isNotDone();
      cast(voters.get(i), id, i < 40 ? "s0" : "s1");
      if (i == 0) {
        refused(ErrorCode.ALREADY_EXISTS, () -> cast(voters.get(0), id, "s1"));
      }
    }
    Resolution resolution = resolving.orTimeout(20, TimeUnit.SECONDS).join();
    assertThat(resolution.winner()).isEqualTo("s1");
    assertThat(resolution.votes()).isEqualTo(Map.of("s0", 40L, "s1", 50L));
    refused(ErrorCode.FAILED_PRECONDITION, () -> cast(voters.get(95), id, "s0"));
    assertThat(coordination()).contains("\"votes\":{\"s0\":40,\"s1\":50}");
    assertThat(redis.list("KEYS", "*" + redis.fleet() + "*conflict-electorate*"))
        .as("nobody is asked any more")
        .isEmpty();
  }

  @Test
  void voting_withoutQuorumAtTheDeadline_goesByPriority() {
    attach(node, "a");
    attach(node, "b");
    Resolution resolution = vote("a", "b", new Vote(Duration.ofMillis(300), 0, List.of())).join();
    assertThat(resolution.winner()).isEqualTo("a");
    assertThat(resolution.reason()).contains("quorum");
    assertThat(resolution.votes()).isEqualTo(Map.of("a", 0L, "b", 0L));
  }

  @Test
  void voting_tied_goesByPriority() {
    Ownership a = attach(node, "a");
    Ownership b = attach(node, "b");
    attach(node, "c");
    CompletableFuture<Resolution> resolving = vote("a", "b", new Vote(LONG, 2, List.of("a", "b")));
    Await.await("both to be asked", PATIENCE, () -> node.asked.size() == 2);
    String id = node.asked.get(0).conflictId();
    cast(b, id, "b");
    cast(a, id, "a");
    Resolution resolution = resolving.join();
    assertThat(resolution.winner()).isEqualTo("a");
    assertThat(resolution.reason()).contains("tie");
  }

  @Test
  void voting_ofAnElectorateThatIsNotThere_isDecidedAtOnce() {
    Ownership a = attach(node, "a");
    attach(node, "b");
    attach(node, "c");
    node.registry.registry().detach(List.of(a), Departure.GOODBYE).block(PATIENCE);
    Resolution resolution = vote("a", "b", new Vote(LONG, 0, List.of("a", "nobody"))).join();
    assertThat(resolution.reason()).contains("no quorum, 0 of 1 votes");
    assertThat(node.asked).isEmpty();
  }

  @Test
  void log_ofMoreThanAThousandDecisions_keepsTheLastThousand() {
    Contestant a = Contestant.described("a", Priority.HIGH, 1L);
    Contestant b = Contestant.described("b", Priority.LOW, 2L);
    done(
        Flux.range(0, 1_100)
            .concatMap(i -> node.conflicts.resolve(Conflict.of("x", a, b).withId("c" + i)))
            .count());
    String log = node.context.keys().sys("conflict-log");
    assertThat(redis.number("XLEN", log)).isEqualTo(1_000);
    assertThat(String.valueOf(redis.cli("XRANGE", log, "-", "+", "COUNT", "1")))
        .contains("conflict, c100,", "winner, a, loser, b", "priority high over low");
  }

  /** A vote whose time is over and for which nobody waits; the key of those that are open. */
  private String abandonedVote() {
    attach(node, "a");
    attach(node, "b");
    Disposable resolving =
        node.conflicts
            .resolve(
                Conflict.of("x", Contestant.registered("a"), Contestant.registered("b"))
                    .withId("c1")
                    .voting(new Vote(LONG, 0, List.of())))
            .subscribe();
    String open = node.context.keys().sys("conflict-open");
    Await.await("the vote to be open", PATIENCE, () -> redis.number("ZCARD", open) == 1);
    resolving.dispose();
    // What it had begun is over: the first may overtake it, the second comes after it.
    roundTrip();
    roundTrip();
    redis.cli("HSET", node.context.keys().sys("conflict", "c1"), "deadline", "1");
    return open;
  }

  private void roundTrip() {
    ConflictKeys keys = new ConflictKeys(node.context.keys());
    ScriptCall look = ScriptCall.of(Script.CONFLICT_LOOK).key(keys.open()).arg("c1");
    node.context.link().run(look).block(PATIENCE);
  }

  @Test
  void voting_whoseNodeIsGone_isDecidedByTheLeader() {
    abandonedVote();
    lead(1);
    OverdueDuty duty = new OverdueDuty(other.context, new ConflictKeys(other.context.keys()));
    Await.await(
        "the leader's decision",
        PATIENCE,
        () -> {
          duty.run(new Leader("a", 1, Duration.ZERO)).block(PATIENCE);
          return redis.text("HGET", node.context.keys().sys("conflict", "c1"), "winner") != null;
        });
  }

  @Test
  void voting_decidedByTwoLeadersAtOnce_isDecidedOnce() {
    attach(node, "a");
    attach(node, "b");
    List<CompletableFuture<Resolution>> resolving = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      resolving.add(vote("a", "b", new Vote(Duration.ofMillis(200 + i), 0, List.of())));
    }
    String log = node.context.keys().sys("conflict-log");
    OverdueDuty first = new OverdueDuty(node.context, new ConflictKeys(node.context.keys()));
    OverdueDuty next = new OverdueDuty(other.context, new ConflictKeys(other.context.keys()));
    lead(1);
    Await.await(
        "all decisions",
        PATIENCE,
        () -> {
          Mono.when(
                  first.run(new Leader("a", 1, Duration.ZERO)),
                  next.run(new Leader("a", 1, Duration.ZERO)))
              .block(PATIENCE);
          return redis.number("XLEN", log) >= 50;
        });
    resolving.forEach(one -> assertThat(one.join().winner()).isEqualTo("a"));
    first.run(new Leader("a", 1, Duration.ZERO)).block(PATIENCE);
    assertThat(redis.number("XLEN", log)).isEqualTo(50);
    assertThat(coordination().split("conflict_resolved", -1)).hasSize(51);
  }

  @Test
  void overdueVote_lookedForByAFormerLeader_isFencedAndStaysOpen() {
    String open = abandonedVote();
    lead(2);

    OverdueDuty duty = new OverdueDuty(other.context, new ConflictKeys(other.context.keys()));
    refused(ErrorCode.FENCED, () -> duty.run(new Leader("a", 1, Duration.ZERO)).block(PATIENCE));
    assertThat(redis.number("ZCARD", open)).isEqualTo(1);
  }

  private void lead(long epoch) {
    redis.cli("HSET", node.context.keys().leadership(), "epoch", "" + epoch, "swarmId", "a");
    redis.cli("SET", node.context.keys().leader(), "a");
  }

  private CompletableFuture<Resolution> vote(String a, String b, Vote vote) {
    return node.conflicts
        .resolve(
            Conflict.of("x \"y\"", Contestant.registered(a), Contestant.registered(b)).voting(vote))
        .toFuture();
  }

  private void cast(Ownership voter, String conflictId, String choice) {
    node.conflicts.vote(voter, conflictId, choice).block(PATIENCE);
  }

  private String winner(Contestant a, Contestant b, ConflictStrategy strategy) {
    return done(node.conflicts.resolve(Conflict.of("x", a, b).by(strategy))).winner();
  }

  private Ownership attach(Node on, String id) {
    return done(on.registry.registry().register(NewSwarm.of("x").withId(id))).ownership();
  }

  private void register(String id, String priority) {
    SwarmMetadata metadata = SwarmMetadata.of(Json.of(Map.of("priority", priority)));
    done(
        node.registry
            .registry()
            .register(
                new NewSwarm(
                    id,
                    "x",
                    NewSwarm.DEFAULT_STRATEGY,
                    SwarmMode.MESH,
                    NewSwarm.DEFAULT_MAX_AGENTS,
                    metadata)));
  }

  private String coordination() {
    return String.valueOf(
        redis.cli("XRANGE", node.context.keys().historyStream("swarm:coordination"), "-", "+"));
  }

  private static <T> T done(Mono<T> mono) {
    return mono.block(PATIENCE);
  }
}
