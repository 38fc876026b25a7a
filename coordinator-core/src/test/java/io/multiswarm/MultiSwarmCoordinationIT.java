package io.multiswarm;

import static io.multiswarm.common.Refused.refused;
import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.CoordinationOptions.Liveness;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.common.Priority;
import io.multiswarm.conflict.Conflict;
import io.multiswarm.conflict.Conflict.Contestant;
import io.multiswarm.conflict.Resolution;
import io.multiswarm.election.LeaderInfo;
import io.multiswarm.election.Leadership;
import io.multiswarm.messaging.ChannelName;
import io.multiswarm.messaging.Message;
import io.multiswarm.messaging.Messenger.Reply;
import io.multiswarm.messaging.NewMessage;
import io.multiswarm.recovery.RecoveryResult;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.registry.SwarmQuery;
import io.multiswarm.registry.SwarmRegistry.Departure;
import io.multiswarm.registry.SwarmStatus;
import io.multiswarm.resources.PoolDefinition;
import io.multiswarm.state.Snapshot;
import io.multiswarm.testing.CommandLog;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.Subscriptions;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The embedding application's view: two nodes of one fleet. */
@RedisTest
class MultiSwarmCoordinationIT {

  private static final Duration SOON = Duration.ofSeconds(20);

  private static final Liveness UNHURRIED =
      new Liveness(
          Duration.ofSeconds(30),
          Duration.ofHours(1),
          Duration.ofMinutes(20),
          Duration.ofSeconds(6),
          Duration.ofHours(1));

  private TestRedis redis;
  private MultiSwarmCoordination here;
  private MultiSwarmCoordination there;

  @BeforeEach
  void start(TestRedis server) {
    redis = server;
    start(CoordinationOptions.defaults());
  }

  private void start(CoordinationOptions options) {
    CoordinationOptions ofTheFleet = options.withFleet(redis.fleet());
    here = MultiSwarmCoordination.create(redis.uri(), ofTheFleet);
    there = MultiSwarmCoordination.create(redis.uri(), ofTheFleet);
    Mono.when(here.initialize(), there.initialize()).block(SOON);
  }

  @AfterEach
  void stop() {
    Mono.when(here.shutdown(), there.shutdown()).block(SOON);
  }

  @Test
  void createSwarm_isFoundFromEveryNode() {
    CreatedSwarm created = create(here, "one", "Build a REST API");
    assertThat(there.getSwarm("one").block(SOON).objective()).isEqualTo("Build a REST API");
    assertThat(there.getSwarms(SwarmQuery.ALL).block(SOON)).extracting("id").contains("one");
    assertThat(created.key()).isNotBlank();
    assertThat(created.toString()).doesNotContain(created.key());
  }

  @Test
  void createSwarm_firstOfTheFleet_leads() {
    SwarmCoordinator coordinator = create(here, "one", "lead").coordinator();
    await("leadership", SOON, coordinator::isLeader);
    LeaderInfo leader = there.election().leader().block(SOON);
    assertThat(leader.swarmId()).isEqualTo("one");
    assertThat(there.channels().history(ChannelName.COORDINATION, null, 10).block(SOON).messages())
        .map(told -> told.message().payload().toString())
        .containsExactly(
            "{\"type\":\"leadership_announcement\",\"data\":{\"swarmId\":\"one\",\"epoch\":%d,\"node\":\"%s\"}}"
                .formatted(leader.epoch(), leader.node()));
  }

  /** Neither a tick comes in time, nor the end of the lease, nor that of the swarm's grace. */
  @Test
  void leadingSwarm_detachedAndAttachedElsewhere_takesLeadershipWithIt() {
    stop();
    start(CoordinationOptions.defaults().withLiveness(UNHURRIED));
    CreatedSwarm created = create(here, "one", "lead");
    await("leadership", SOON, created.coordinator()::isLeader);
    here.registry().detach(List.of(here.ownership("one")), Departure.LOST).block(SOON);
    assertThat(here.election().current()).isInstanceOf(Leadership.Leader.class);

    SwarmCoordinator taken = there.attachSwarm("one", created.key()).block(SOON);

    await("the hand-over", SOON, taken::isLeader);
    assertThat(here.election().current()).isNotInstanceOf(Leadership.Leader.class);
  }

  @Test
  void sendMessage_reachesHandlerOnAnotherNode() {
    create(here, "one", "sender");
    create(there, "two", "receiver");
    List<String> heard = new CopyOnWriteArrayList<>();
    there
        .getMessenger("two")
        .onMessage("hello", (payload, envelope) -> heard.add(envelope.swarmId() + payload));
    Subscriptions.await(there.channels(), SOON);
    here.sendMessage("one", "two", NewMessage.of("other", Map.of())).block(SOON);
    here.sendMessage("one", "two", NewMessage.of("hello", Map.of("n", 1))).block(SOON);
    await("the message", SOON, () -> !heard.isEmpty());
    assertThat(heard).containsExactly("one{\"type\":\"hello\",\"data\":{\"n\":1}}");
  }

  @Test
  void broadcast_reachesAllNodes() {
    create(here, "one", "sender");
    create(there, "two", "receiver");
    List<Message> heard = new CopyOnWriteArrayList<>();
    Flux.merge(
            here.getMessenger("one").onMessage("news"), there.getMessenger("two").onMessage("news"))
        .subscribe(heard::add);
    Subscriptions.await(here.channels(), SOON);
    Subscriptions.await(there.channels(), SOON);
    here.broadcast("one", NewMessage.of("news", "good")).block(SOON);
    await("both", SOON, () -> heard.size() == 2);
    assertThat(heard).allMatch(message -> message.data().equals(Json.of("good")));
  }

  @Test
  void request_answeredOnAnotherNode_getsTheReply() {
    create(here, "asker", "asks");
    create(there, "expert", "knows");
    SwarmMessenger expert = there.getMessenger("expert");
    expert
        .onMessage("question")
        .flatMap(question -> expert.reply(question, Json.of(Map.of("answer", 42))))
        .subscribe();
    Subscriptions.await(there.channels(), SOON);
    Reply reply =
        here.getMessenger("asker").request("expert", NewMessage.of("question", "?")).block(SOON);
    assertThat(reply.from()).isEqualTo("expert");
    assertThat(reply.data()).isEqualTo(Json.trusted("{\"answer\":42}"));
  }

  @Test
  void request_nobodyAttached_isToldAtOnce() {
    create(here, "asker", "asks");
    create(there, "gone", "leaves");
    there.shutdown().block(SOON);
    refused(
        ErrorCode.NO_RESPONDERS,
        () -> here.getMessenger("asker").request("gone", NewMessage.of("q", 1)).block(SOON));
    refused(
        ErrorCode.NOT_FOUND,
        () -> here.getMessenger("asker").request("nobody", NewMessage.of("q", 1)).block(SOON));
  }

  @Test
  void request_withoutReply_endsAtItsDeadline() {
    create(here, "asker", "asks");
    create(there, "mute", "says nothing");
    refused(
        ErrorCode.DEADLINE_EXCEEDED,
        () ->
            here.getMessenger("asker")
                .request("mute", NewMessage.of("q", 1), Duration.ofMillis(150))
                .block(SOON));
    assertThat(here.messenger().statistics().pendingRequests()).isZero();
  }

  @Test
  void sendMessage_forASwarmThatIsNotHeld_isRefused() {
    create(here, "one", "mine");
    refused(
        ErrorCode.PERMISSION_DENIED,
        () -> there.sendMessage("one", "one", NewMessage.of("x", null)).block(SOON));
    refused(
        ErrorCode.NOT_FOUND,
        () -> here.sendMessage("one", "nobody", NewMessage.of("x", null)).block(SOON));
  }

  @Test
  void attachSwarm_elsewhere_fencesTheFormerHolder() {
    CreatedSwarm created = create(here, "one", "moves");
    List<String> lost = new CopyOnWriteArrayList<>();
    here.onLost(one -> lost.add(one.swarmId()));
    there.attachSwarm("one", created.key()).block(SOON);
    refused(
        ErrorCode.FENCED,
        () ->
            here.messenger()
                .broadcast(created.coordinator().ownership(), NewMessage.of("late", null))
                .block(SOON));
    await("the loss", SOON, () -> lost.contains("one"));
    there.broadcast("one", NewMessage.of("here", null)).block(SOON);
  }

  @Test
  void getStatistics_countsWhatWasDone() {
    create(here, "one", "counts");
    here.broadcast("one", NewMessage.of("a", null)).block(SOON);
    here.sendMessage("one", "one", NewMessage.of("b", null)).block(SOON);
    SystemStatistics statistics = here.getStatistics().block(SOON);
    assertThat(statistics.registry().activeSwarms()).isEqualTo(1);
    assertThat(statistics.messenger().messagesSent()).isEqualTo(2);
    assertThat(statistics.messenger().broadcastsSent()).isEqualTo(1);
    assertThat(statistics.messenger().targetedSent()).isEqualTo(1);
    assertThat(statistics.heldSwarms()).isEqualTo(1);
    assertThat(statistics.coordinators()).containsExactly(statistics.coordinator());
    assertThat(statistics.coordinator().messenger().messagesSent()).isEqualTo(2);
    assertThat(statistics.coordinator().tasksDistributed()).isZero();
  }

  @Test
  void getStatistics_withAnyNumberOfSwarms_isAtMostThreeRoundTrips() {
    Flux.range(0, 50).flatMap(i -> here.createSwarm(NewSwarm.of("swarm " + i))).blockLast(SOON);
    // The scripts are loaded now.
    SystemStatistics before = here.getStatistics().block(SOON);
    assertThat(before.registry().byStatus()).containsEntry(SwarmStatus.ACTIVE, 50L);
    List<Integer> asked = new ArrayList<>();
    try (CommandLog log = redis.commandLog()) {
      for (int i = 0; i < 10; i++) {
        log.sent();
        here.getStatistics().block(SOON);
        asked.add(log.sent().size());
      }
    }
    // What intervals ask meanwhile is not in all of them.
    assertThat(Collections.min(asked)).as("%s", asked).isLessThanOrEqualTo(3);
  }

  @Test
  void interruptedSwarms_areRecoveredByTheLeaderByItself() {
    create(here, "first", "leads");
    Flux.range(0, 100)
        .flatMap(
            i ->
                there
                    .createSwarm(NewSwarm.of("work").withId("s" + i))
                    .flatMap(
                        made ->
                            there
                                .stateManager()
                                .states()
                                .save(
                                    made.coordinator().ownership(),
                                    Json.of(Map.of("phase", "p" + i)),
                                    null)
                                .thenReturn(made.coordinator().ownership())),
            8)
        .collectList()
        .flatMap(owners -> there.registry().detach(owners, Departure.GOODBYE))
        .block(SOON);
    long found = System.nanoTime();
    await(
        "all to be recovered",
        SOON,
        () -> here.getStatistics().block(SOON).state().recoveriesPerformed() == 100);
    System.out.printf(
        "100 interrupted swarms were recovered in %d ms%n",
        (System.nanoTime() - found) / 1_000_000);
    assertThat(here.discoverInterruptedSwarms().block(SOON)).hasSize(100);
  }

  @Test
  void facade_ofResources_actsForSwarmsThatAreHeldHere() {
    create(here, "one", "computes");
    here.resources().define(PoolDefinition.of("cpu", 500)).block(SOON);
    assertThat(here.allocateResource("one", "cpu", 200).block(SOON).available("cpu"))
        .isEqualTo(300);
    assertThat(here.releaseResource("one", "cpu", 50L).block(SOON).available("cpu")).isEqualTo(350);
    assertThat(here.releaseResource("one", "cpu", null).block(SOON).amount("cpu")).isEqualTo(150);
    refused(ErrorCode.PERMISSION_DENIED, () -> there.allocateResource("one", "cpu", 1).block(SOON));
  }

  @Test
  void facade_ofConflicts_decidesByPriorityAsInTheDesign() {
    SwarmCoordinator coordinator = create(here, "one", "contends").coordinator();
    Resolution resolution =
        coordinator
            .resolveConflict(
                Conflict.of(
                    "resource_conflict",
                    Contestant.described("swarm1", Priority.HIGH, null),
                    Contestant.described("swarm2", Priority.NORMAL, null)))
            .block(SOON);
    assertThat(resolution.winner()).isEqualTo("swarm1");
    assertThat(resolution.reason()).isEqualTo("priority high over normal");
  }

  @Test
  void facade_ofStateAndRecovery_findsWhatWasSaved() {
    Ownership owner = create(here, "one", "remembers").coordinator().ownership();
    create(there, "two", "leads");
    here.stateManager().states().save(owner, Json.parse("{\"phase\":\"build\"}"), null).block(SOON);
    Snapshot snapshot = here.createSnapshot("one", "pre_deployment").block(SOON);
    assertThat(snapshot.label()).isEqualTo("pre_deployment");
    refused(ErrorCode.PERMISSION_DENIED, () -> there.createSnapshot("one", null).block(SOON));
    here.registry().detach(List.of(owner), Departure.GOODBYE).block(SOON);
    assertThat(there.discoverInterruptedSwarms().block(SOON))
        .extracting("id")
        .containsExactly("one");
    RecoveryResult recovered = there.recoverSwarm("one").block(SOON);
    assertThat(recovered.success()).isTrue();
    assertThat(recovered.recoveryPlan().resumeFrom()).isEqualTo("build");
    assertThat(recovered.recoveryPlan().confidence()).isBetween(0.5, 0.95);
    assertThat(there.getSwarm("one").block(SOON).status()).isEqualTo(SwarmStatus.RECOVERING);
    assertThat(there.recoverAllInterrupted().collectList().block(SOON)).isEmpty();
    Ownership another = create(here, "three", "forgets").coordinator().ownership();
    here.stateManager().states().save(another, Json.EMPTY_OBJECT, null).block(SOON);
    here.registry().detach(List.of(another), Departure.GOODBYE).block(SOON);
    assertThat(there.recoverAllInterrupted().collectList().block(SOON))
        .extracting(RecoveryResult::swarmId)
        .containsExactly("three");
  }

  @Test
  void connections_anyNumberOfSwarms_areThree() {
    Flux.range(0, 200).flatMap(i -> here.createSwarm(NewSwarm.of("swarm " + i))).blockLast(SOON);
    long ours =
        String.valueOf(redis.cli("CLIENT", "LIST"))
            .lines()
            .filter(line -> line.contains("lib-name=Lettuce") || line.contains("sub=1"))
            .count();
    assertThat(here.getStatistics().block(SOON).heldSwarms()).isEqualTo(200);
    assertThat(ours).as("two nodes").isLessThanOrEqualTo(6);
  }

  private static CreatedSwarm create(MultiSwarmCoordination node, String id, String objective) {
    return node.createSwarm(NewSwarm.of(objective).withId(id)).block(SOON);
  }
}
