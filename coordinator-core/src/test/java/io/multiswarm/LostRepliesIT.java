package io.multiswarm;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.common.Priority;
import io.multiswarm.conflict.Conflict;
import io.multiswarm.conflict.Conflict.Contestant;
import io.multiswarm.messaging.ChannelName;
import io.multiswarm.messaging.Messenger.Published;
import io.multiswarm.messaging.NewMessage;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.resources.AllocationRequest;
import io.multiswarm.resources.PoolDefinition;
import io.multiswarm.resources.Resources.ResourceQuery;
import io.multiswarm.state.SavedVersion;
import io.multiswarm.tasks.Assignment;
import io.multiswarm.tasks.Failure;
import io.multiswarm.tasks.NewTask;
import io.multiswarm.tasks.TaskStatus;
import io.multiswarm.testing.RedisProxy;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.Subscriptions;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/**
 * Redis carries a call out, and the connection breaks before the reply is there. The call is
 * repeated by the library, has its effect once, and ends with the answer of the first time.
 */
@RedisTest
class LostRepliesIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int ATTEMPTS = 20;

  private final AtomicInteger names = new AtomicInteger();
  private RedisProxy network;
  private MultiSwarmCoordination node;
  private Ownership owner;

  @BeforeEach
  void start(TestRedis server) {
    network = RedisProxy.before(server);
    node =
        MultiSwarmCoordination.create(
            network.uri(), CoordinationOptions.defaults().withFleet(server.fleet()));
    node.initialize().block(SOON);
    CreatedSwarm created = node.createSwarm(NewSwarm.of("work").withId("one")).block(SOON);
    owner = created.coordinator().ownership();
    await("leadership", SOON, created.coordinator()::isLeader);
  }

  @AfterEach
  void stop() {
    node.shutdown().block(SOON);
    network.close();
  }

  /**
   * @param name occurs in no other call, by which the one is known whose reply is to be lost
   */
  private record Outcome<T>(String name, T result) {}

  /**
   * Makes a call whose first reply is lost. The library repeats it for less than half a second; on
   * a machine that cannot make a connection in that time it fails, which shows nothing, and another
   * call is made in its place.
   */
  private <T> Outcome<T> losingTheReply(Function<String, Mono<T>> call) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      String name = "lost-" + names.incrementAndGet();
      Mono<T> prepared = call.apply(name);
      long before = network.repliesLost();
      network.loseReplyTo(name);
      try {
        T result = prepared.block(SOON);
        assertThat(network.repliesLost()).as("replies lost").isEqualTo(before + 1);
        return new Outcome<>(name, result);
      } catch (CoordinationException late) {
        assertThat(late.code()).isEqualTo(ErrorCode.UNAVAILABLE);
      }
      await("the connections", SOON, node::isConnected);
    }
    throw new AssertionError("no call was repeated in time");
  }

  @Test
  void swarm_registered_isThereOnceAndHeld() {
    Outcome<CreatedSwarm> made =
        losingTheReply(name -> node.createSwarm(NewSwarm.of("work").withId(name)));
    assertThat(made.result().swarm().id()).isEqualTo(made.name());
    assertThat(said(ChannelName.EVENTS, made.name())).isEqualTo(1);
    node.broadcast(made.name(), NewMessage.of("t", 1)).block(SOON);
  }

  @Test
  void message_published_isStoredOnce() {
    Outcome<Published> sent =
        losingTheReply(name -> node.broadcast("one", NewMessage.of("t", name)));
    assertThat(said(ChannelName.GLOBAL, sent.name())).isEqualTo(1);
    Published next = node.broadcast("one", NewMessage.of("t", "next")).block(SOON);
    assertThat(next.position().offset()).isEqualTo(sent.result().position().offset() + 1);
  }

  @Test
  void message_withAnIdOfItsSender_isStoredOnce() {
    Outcome<Published> sent =
        losingTheReply(name -> node.broadcast("one", NewMessage.of("t", name).withId(name)));
    assertThat(said(ChannelName.GLOBAL, sent.name())).isEqualTo(1);
    Published again = node.broadcast("one", NewMessage.of("t", 1).withId(sent.name())).block(SOON);
    assertThat(again).isEqualTo(sent.result());
  }

  @Test
  void request_asked_isHeardOnceAndAnswered() {
    SwarmMessenger one = node.getMessenger("one");
    AtomicInteger heard = new AtomicInteger();
    one.onMessage("question")
        .doOnNext(question -> heard.incrementAndGet())
        .flatMap(question -> one.reply(question, Json.of(42)))
        .subscribe();
    Subscriptions.await(node.channels(), SOON);

    var reply = losingTheReply(name -> one.request("one", NewMessage.of("question", name)));
    assertThat(reply.result().data()).isEqualTo(Json.of(42));
    assertThat(said(ChannelName.of("one"), reply.name())).isEqualTo(1);
  }

  @Test
  void task_submittedAndCompleted_isCountedOnce() {
    AtomicInteger made = new AtomicInteger();
    Outcome<?> submitted =
        losingTheReply(
            name -> {
              made.incrementAndGet();
              return node.distributeTask("one", NewTask.builder("d").id(name).build());
            });
    assertThat(node.tasks().statistics().block(SOON).tasksSubmitted())
        .isLessThanOrEqualTo(made.get());
    assertThat(node.tasks().get(submitted.name()).block(SOON).history()).hasSize(1);

    var completed =
        losingTheReply(
            name -> {
              Assignment given = next(name);
              return node.workers()
                  .complete(owner, given.taskId(), given.attempt(), Json.of(name))
                  .thenReturn(given.taskId());
            });
    assertThat(node.tasks().get(completed.result()).block(SOON).history())
        .filteredOn(note -> note.toString().contains("\"completed\""))
        .hasSize(1);
    assertThat(said(ChannelName.TASKS, completed.name())).isEqualTo(1);
  }

  /** Submits a task and takes the next one, whichever that is. */
  private Assignment next(String name) {
    node.tasks().submit(null, NewTask.builder("d").id("of-" + name.hashCode()).build()).block(SOON);
    return node.workers().assignments(owner).blockFirst(SOON);
  }

  @Test
  void resources_allocatedAndReleased_moveOnce() {
    Outcome<?> allocated =
        losingTheReply(
            name -> {
              node.resources().define(PoolDefinition.of(name, 100)).block(SOON);
              return node.resources().allocate(owner, AllocationRequest.of(name, 5));
            });
    assertThat(available(allocated.name())).isEqualTo(95);

    Outcome<?> released =
        losingTheReply(
            name -> {
              node.resources().define(PoolDefinition.of(name, 100)).block(SOON);
              node.resources().allocate(owner, AllocationRequest.of(name, 5)).block(SOON);
              return node.resources().release(owner, name, 2L);
            });
    assertThat(available(released.name())).isEqualTo(97);
  }

  private long available(String type) {
    return node.resources().list(ResourceQuery.ALL).block(SOON).stream()
        .filter(pool -> pool.type().equals(type))
        .findFirst()
        .orElseThrow()
        .available();
  }

  @Test
  void state_savedAndCopied_isSavedAndCopiedOnce() {
    Outcome<SavedVersion> saved =
        losingTheReply(
            name -> node.stateManager().states().save(owner, Json.of(Map.of("m", name)), null));
    long version = saved.result().version();
    assertThat(
            node.stateManager()
                .states()
                .save(owner, Json.EMPTY_OBJECT, version)
                .block(SOON)
                .version())
        .isEqualTo(version + 1);

    Outcome<?> copied = losingTheReply(name -> node.createSnapshot("one", name));
    assertThat(node.stateManager().snapshots().list(owner).block(SOON))
        .filteredOn(snapshot -> copied.name().equals(snapshot.label()))
        .hasSize(1);
    Outcome<?> kept =
        losingTheReply(
            name -> node.stateManager().checkpoints().create(owner, Json.EMPTY_OBJECT, name));
    assertThat(node.stateManager().checkpoints().list(owner).block(SOON))
        .filteredOn(checkpoint -> kept.name().equals(checkpoint.label()))
        .hasSize(1);
  }

  @Test
  void conflict_resolved_isDecidedAndToldOnce() {
    Outcome<?> resolved =
        losingTheReply(
            name ->
                node.resolveConflict(
                    Conflict.of(
                            "resource_conflict",
                            Contestant.described("a", Priority.HIGH, 1L),
                            Contestant.described("b", Priority.LOW, 2L))
                        .withId(name)));
    assertThat(
            node.channels().history(ChannelName.COORDINATION, null, 1_000).block(SOON).messages())
        .map(message -> message.message().payload().toString())
        .filteredOn(text -> text.contains(resolved.name()) && text.contains("conflict_resolved"))
        .hasSize(1);
  }

  @Test
  void task_retriedFromTheDead_isRetried() {
    Outcome<TaskStatus> retried =
        losingTheReply(
            name -> {
              node.tasks().submit(null, NewTask.builder("d").id(name).build()).block(SOON);
              Assignment given = node.workers().assignments(owner).blockFirst(SOON);
              Failure end = new Failure(Json.of("poison"), false, null);
              node.workers().fail(owner, name, given.attempt(), end).block(SOON);
              return node.tasks().retry(name);
            });
    assertThat(retried.result()).isEqualTo(TaskStatus.PENDING);
    assertThat(node.tasks().get(retried.name()).block(SOON).history())
        .filteredOn(note -> note.toString().contains("retried"))
        .hasSize(1);
  }

  @Test
  void saved_deleted_isDeleted() {
    losingTheReply(
        name -> {
          Ownership other = holding(name);
          String snapshot = node.createSnapshot(name, "x").block(SOON).id();
          return node.stateManager().snapshots().delete(other, snapshot);
        });
    losingTheReply(
        name -> {
          Ownership other = holding(name);
          String checkpoint =
              node.stateManager()
                  .checkpoints()
                  .create(other, Json.EMPTY_OBJECT, "x")
                  .block(SOON)
                  .id();
          return node.stateManager().checkpoints().delete(other, checkpoint);
        });
    Outcome<Boolean> deleted =
        losingTheReply(name -> node.stateManager().states().delete(holding(name)));
    assertThat(deleted.result()).isTrue();
  }

  /** A swarm that has saved something. */
  private Ownership holding(String swarmId) {
    Ownership other =
        node.createSwarm(NewSwarm.of("work").withId(swarmId)).block(SOON).coordinator().ownership();
    node.stateManager().states().save(other, Json.EMPTY_OBJECT, null).block(SOON);
    return other;
  }

  /** How many messages of a channel's history have the text in their payload. */
  private long said(String channel, String text) {
    return node.channels().history(channel, null, 1_000).block(SOON).messages().stream()
        .filter(message -> message.message().payload().toString().contains('"' + text + '"'))
        .count();
  }
}
