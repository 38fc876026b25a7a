package io.multiswarm;

import static io.multiswarm.common.Refused.refused;
import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.resource.ClientResources;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.ChannelName;
import io.multiswarm.messaging.Message;
import io.multiswarm.messaging.NewMessage;
import io.multiswarm.messaging.Position;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.resources.PoolDefinition;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.tasks.TaskHandle;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** One swarm's handle, as an embedding application uses it, on two nodes of one fleet. */
@RedisTest
class SwarmCoordinatorIT {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int TIMES = 1_000;

  private ConnectOptions options;
  private MultiSwarmCoordination here;
  private MultiSwarmCoordination there;

  @BeforeEach
  void start(TestRedis redis) {
    options =
        ConnectOptions.of(redis.uri())
            .withCoordination(CoordinationOptions.defaults().withFleet(redis.fleet()));
    here = MultiSwarmCoordination.connect(options).block(SOON);
    there = MultiSwarmCoordination.connect(options).block(SOON);
  }

  @AfterEach
  void stop() {
    Mono.when(here.shutdown(), there.shutdown()).block(SOON);
  }

  @Test
  void onMessage_onceReady_hearsWhatIsAcknowledgedAfterwards() {
    SwarmCoordinator speaker = create(there, "speaker");
    SwarmCoordinator hearer = create(here, "hearer");
    Disposable load =
        Mono.defer(() -> speaker.broadcast(NewMessage.of("noise", "x".repeat(300))))
            .onErrorComplete() // a busy machine may stall; what is asserted is heard all the same
            .repeat()
            .subscribe();
    List<Integer> heard =
        Flux.range(0, TIMES)
            .concatMap(n -> heardOnceReady(hearer, speaker, n))
            .collectList()
            .block();
    load.dispose();
    assertThat(heard).hasSize(TIMES);
  }

  private static Mono<Integer> heardOnceReady(
      SwarmCoordinator hearer, SwarmCoordinator speaker, int n) {
    Sinks.One<Integer> heard = Sinks.one();
    Listening listening =
        hearer.onMessage("n" + n, (payload, message) -> heard.tryEmitValue(number(message)));
    return listening
        .ready()
        .then(Mono.defer(() -> speaker.send("hearer", NewMessage.of("n" + n, n))).retry())
        .then(heard.asMono().timeout(SOON))
        .doFinally(end -> listening.dispose());
  }

  @Test
  void listen_onceItEmitted_hearsWhatWasSaidBeforeTheFluxIsSubscribed() {
    SwarmCoordinator speaker = create(there, "speaker");
    SwarmCoordinator hearer = create(here, "hearer");
    Flux<Message> messages = hearer.listen("word").block(SOON);
    speaker.send("hearer", NewMessage.of("word", 1)).block(SOON);
    speaker.broadcast(NewMessage.of("word", 2)).block(SOON);
    assertThat(messages.take(2).map(SwarmCoordinatorIT::number).collectList().block(SOON))
        .containsExactlyInAnyOrder(1, 2);
    assertThat(here.channels().listen("swarm:hearer", null).block(SOON).recovered()).isTrue();
  }

  @Test
  void listen_cancelledWhileItBegins_leavesNoSubscription(TestRedis redis) {
    SwarmCoordinator hearer = create(here, "hearer");
    hearer.listen("word").subscribe().dispose();
    Flux.range(0, 1_000)
        .concatMap(n -> hearFor(hearer, Duration.ofNanos(n * 5_000L)))
        .blockLast(Duration.ofMinutes(1));
    await("no subscription", SOON, () -> subscribers(redis, "hearer") == 0);
    Disposable listening = hearer.onMessage("word", (payload, message) -> {});
    ((Listening) listening).ready().block(SOON);
    assertThat(subscribers(redis, "hearer")).isEqualTo(1);
    listening.dispose();
    await("no subscription", SOON, () -> subscribers(redis, "hearer") == 0);
  }

  @Test
  void channels_sinceTheBeginning_giveAllThatIsKeptWithoutAGap() {
    SwarmCoordinator speaker = create(here, "speaker");
    for (int n = 1; n <= 3; n++) {
      speaker.publish(ChannelName.AGENTS, NewMessage.of("word", n)).block(SOON);
    }
    assertThat(
            there
                .channels()
                .flux(ChannelName.AGENTS, Position.BEGINNING)
                .take(3)
                .cast(ChannelMessage.class)
                .map(event -> number(event.message()))
                .collectList()
                .block(SOON))
        .containsExactly(1, 2, 3);
    assertThat(
            there
                .channels()
                .history(ChannelName.AGENTS, Position.BEGINNING, 2)
                .block(SOON)
                .messages())
        .hasSize(2);
  }

  @Test
  void work_ofFour_completesWhatIsSubmitted() {
    SwarmCoordinator worker = create(here, "worker");
    SwarmCoordinator submitter = create(there, "submitter");
    Disposable working =
        worker.work(4, task -> Mono.just(Json.of("done " + task.taskId()))).subscribe();
    List<String> results =
        Flux.range(0, 20)
            .flatMap(n -> submitter.submit(NewTask.builder("job").id("t" + n).build()))
            .flatMap(TaskHandle::result)
            .map(Json::text)
            .collectList()
            .block(SOON);
    assertThat(results).hasSize(20).contains("done t0", "done t19");
    working.dispose();
  }

  @Test
  void whileLeading_runsWithinTheTermsAndEndsWithTheSwarm() {
    CreatedSwarm created = here.createSwarm(NewSwarm.of("Lead").withId("one")).block(SOON);
    SwarmCoordinator one = created.coordinator();
    List<String> seen = new CopyOnWriteArrayList<>();
    Mono<Void> ended =
        one.whileLeading(
                term ->
                    Flux.<Long>never()
                        .doOnSubscribe(s -> seen.add("begin " + (term.epoch() > 0)))
                        .doOnCancel(() -> seen.add("cancel")))
            .then()
            .cache();
    ended.subscribe();
    await("the term", SOON, () -> seen.contains("begin true"));
    assertThat(one.isLeader()).isTrue();
    there.attachSwarm("one", created.key()).block(SOON);
    ended.block(SOON);
    assertThat(seen).containsExactly("begin true", "cancel");
  }

  @Test
  void lost_tellsWhy() {
    CreatedSwarm moves = here.createSwarm(NewSwarm.of("Move").withId("moves")).block(SOON);
    SwarmCoordinator ends = create(here, "ends");
    SwarmCoordinator leaves = create(here, "leaves");
    there.attachSwarm("moves", moves.key()).block(SOON);
    ends.deregister("completed").block(SOON);
    leaves.detach().block(SOON);
    assertThat(reason(moves.coordinator())).isEqualTo(SwarmLost.Reason.TAKEN_OVER);
    assertThat(reason(ends)).isEqualTo(SwarmLost.Reason.DEREGISTERED);
    assertThat(reason(leaves)).isEqualTo(SwarmLost.Reason.SESSION_LOST);
    refused(
        ErrorCode.FENCED, () -> moves.coordinator().state().save(Json.EMPTY_OBJECT).block(SOON));
  }

  @Test
  void components_ofTheHandle_actForItsSwarm() {
    SwarmCoordinator one = create(here, "one");
    assertThat(one.state().save(Json.of(Map.of("step", 1)), 0).block(SOON).version()).isEqualTo(1);
    one.state().update(Json.of(Map.of("done", true)), 1L).block(SOON);
    assertThat(one.state().load().block(SOON).state().members()).containsKeys("step", "done");
    String snapshot = one.snapshots().create("before").block(SOON).id();
    one.checkpoints().create(Json.EMPTY_OBJECT, null).block(SOON);
    assertThat(one.checkpoints().list().block(SOON)).hasSize(1);
    assertThat(one.snapshots().restore(snapshot).block(SOON).version()).isEqualTo(3);
    here.resources().define(PoolDefinition.of("cpu", 8)).block(SOON);
    assertThat(one.resources().allocate("cpu", 3).block(SOON).available()).containsEntry("cpu", 5L);
    assertThat(one.resources().release("cpu", null).block(SOON).available())
        .containsEntry("cpu", 8L);
    assertThat(one.state().delete().block(SOON)).isTrue();
    assertThat(one.swarm().block(SOON).id()).isEqualTo("one");
  }

  @Test
  void initialize_twice_isRefusedByName() {
    refused(ErrorCode.FAILED_PRECONDITION, () -> here.initialize().block(SOON));
  }

  @Test
  void calls_afterShutdown_sayThatTheNodeWasShutDown() {
    SwarmCoordinator one = create(here, "one");
    here.shutdown().block(SOON);
    List<Mono<?>> calls =
        List.of(
            here.getSwarm("one"),
            one.send("one", NewMessage.of("word", 1)),
            one.submit(NewTask.builder("t").build()),
            one.listen("word"),
            one.messages("word").then(),
            here.channels().listen("swarm:one", null),
            here.channels().flux("swarm:one", null).then(),
            one.onMessage("word", (payload, message) -> {}).ready());
    for (Mono<?> call : calls) {
      assertThat(
              call.thenReturn("").onErrorResume(error -> Mono.just(error.toString())).block(SOON))
          .contains("this node");
    }
  }

  @Test
  void connect_withGivenThreads_usesThemAndLeavesThemRunning() throws Exception {
    Scheduler scheduler = Schedulers.newParallel("given", 2);
    ClientResources resources = ClientResources.create();
    MultiSwarmCoordination node =
        MultiSwarmCoordination.connect(
                options.withScheduler(scheduler).withClientResources(resources))
            .block(SOON);
    create(node, "one");
    node.shutdown().block(SOON);
    assertThat(scheduler.isDisposed()).isFalse();
    assertThat(resources.eventExecutorGroup().isShuttingDown()).isFalse();
    scheduler.dispose();
    resources.shutdown(0, 1, TimeUnit.SECONDS).get(10, TimeUnit.SECONDS);
  }

  private static Mono<Long> hearFor(SwarmCoordinator hearer, Duration time) {
    Listening listening = hearer.onMessage("word", (payload, message) -> {});
    return Mono.delay(time).doFinally(end -> listening.dispose());
  }

  private static SwarmCoordinator create(MultiSwarmCoordination node, String id) {
    return node.createSwarm(NewSwarm.of("Work").withId(id)).block(SOON).coordinator();
  }

  private static SwarmLost.Reason reason(SwarmCoordinator swarm) {
    return swarm.lost().block(SOON).reason();
  }

  private static int number(Message message) {
    return message.data().as(Integer.class);
  }

  private static long subscribers(TestRedis redis, String swarmId) {
    String channel = "{" + redis.fleet() + "}:swarm:" + swarmId;
    return redis.list("PUBSUB", "CHANNELS", channel).size();
  }
}
