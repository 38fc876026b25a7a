package io.multiswarm;

import static io.multiswarm.common.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.common.Ownership;
import io.multiswarm.common.Priority;
import io.multiswarm.conflict.Conflict;
import io.multiswarm.conflict.Conflict.Contestant;
import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.ChannelName;
import io.multiswarm.messaging.Channels.HistoryPage;
import io.multiswarm.messaging.Gap;
import io.multiswarm.messaging.Messenger.Published;
import io.multiswarm.messaging.Messenger.Reply;
import io.multiswarm.messaging.NewMessage;
import io.multiswarm.messaging.Position;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.resources.AllocationRequest;
import io.multiswarm.resources.PoolDefinition;
import io.multiswarm.resources.ReleaseRequest;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.Subscriptions;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An id that comes again: with the same contents it is a repetition, with others a mistake. */
@RedisTest
class RepeatedIdsIT {

  private static final Duration SOON = Duration.ofSeconds(20);

  private MultiSwarmCoordination node;
  private Ownership owner;

  @BeforeEach
  void start(TestRedis redis) {
    node =
        MultiSwarmCoordination.create(
            redis.uri(), CoordinationOptions.defaults().withFleet(redis.fleet()));
    node.initialize().block(SOON);
    owner = create("one");
  }

  private Ownership create(String id) {
    return node.createSwarm(NewSwarm.of("work").withId(id)).block(SOON).coordinator().ownership();
  }

  @AfterEach
  void stop() {
    node.shutdown().block(SOON);
  }

  @Test
  void message_withAnyIdAgain_isStoredOnce() {
    for (String id :
        List.of("a:", ":", "::", "a:b", "1:", "gx", "r", " ", "a\nb:", "😀:", "\u2028")) {
      Published first = say(id, 1);
      assertThat(say(id, 2)).as(id).isEqualTo(first);
      assertThat(first.id()).isEqualTo(id);
    }
    HistoryPage history = node.channels().history(ChannelName.GLOBAL, null, 100).block(SOON);
    assertThat(history.messages()).hasSize(11);
  }

  private Published say(String id, int n) {
    return node.broadcast("one", NewMessage.of("t", n).withId(id)).block(SOON);
  }

  @Test
  void request_again_getsTheAnswerOfTheFirst() {
    AtomicInteger asked = new AtomicInteger();
    node.getMessenger("one")
        .onMessage("question")
        .flatMap(
            question -> node.getMessenger("one").reply(question, Json.of(asked.incrementAndGet())))
        .subscribe();
    Subscriptions.await(node.channels(), SOON);

    assertThat(ask("q1", "what").data()).isEqualTo(Json.of(1));
    assertThat(ask("q1", "what").data()).isEqualTo(Json.of(1));
    assertThat(ask("q2", "what").data()).isEqualTo(Json.of(2));
    refused(ErrorCode.FAILED_PRECONDITION, () -> ask("q1", "something else"));
    node.sendMessage("one", "one", NewMessage.of("note", 1).withId("n1")).block(SOON);
    refused(ErrorCode.FAILED_PRECONDITION, () -> ask("n1", "what"));
  }

  private Reply ask(String id, String what) {
    return node.getMessenger("one")
        .request("one", NewMessage.of("question", what).withId(id), SOON)
        .block(SOON);
  }

  @Test
  void conflict_idOfAnother_isRefused() {
    Conflict first = conflict("c1", "a", "b");
    assertThat(node.resolveConflict(first).block(SOON).winner()).isEqualTo("a");
    assertThat(node.resolveConflict(first).block(SOON).winner()).isEqualTo("a");
    assertThat(node.resolveConflict(conflict("c1", "b", "a")).block(SOON).winner()).isEqualTo("a");
    refused(
        ErrorCode.FAILED_PRECONDITION,
        () -> node.resolveConflict(conflict("c1", "a", "c")).block(SOON));
    Conflict other = Conflict.of("u", contestant("a"), contestant("b")).withId("c1");
    refused(ErrorCode.FAILED_PRECONDITION, () -> node.resolveConflict(other).block(SOON));
    Contestant unknown = Contestant.registered("nobody");
    Conflict gone = Conflict.of("t", unknown, Contestant.registered("nobody-else")).withId("c1");
    refused(ErrorCode.FAILED_PRECONDITION, () -> node.resolveConflict(gone).block(SOON));
  }

  private static Conflict conflict(String id, String a, String b) {
    return Conflict.of("t", contestant(a), contestant(b)).withId(id);
  }

  private static Contestant contestant(String id) {
    return Contestant.described(id, id.equals("a") ? Priority.HIGH : Priority.LOW, 1L);
  }

  @Test
  void resources_requestIdWithOtherAmounts_isRefused() {
    node.resources().define(PoolDefinition.of("gpu", 10)).block(SOON);
    node.resources().define(PoolDefinition.of("cpu", 10)).block(SOON);
    AllocationRequest request = AllocationRequest.of("gpu", 4).withRequestId("r:|1");
    var given = node.resources().allocate(owner, request).block(SOON);
    assertThat(node.resources().allocate(owner, request).block(SOON)).isEqualTo(given);
    for (Map<String, Long> other :
        List.of(Map.of("gpu", 5L), Map.of("cpu", 4L), Map.of("gpu", 4L, "cpu", 1L))) {
      AllocationRequest again = AllocationRequest.of(other).withRequestId("r:|1");
      refused(
          ErrorCode.FAILED_PRECONDITION, () -> node.resources().allocate(owner, again).block(SOON));
    }
    ReleaseRequest release = new ReleaseRequest("gpu", 1L, "r:|1");
    var taken = node.resources().release(owner, release).block(SOON);
    assertThat(node.resources().release(owner, release).block(SOON)).isEqualTo(taken);
    refused(
        ErrorCode.FAILED_PRECONDITION,
        () -> node.resources().release(owner, new ReleaseRequest("gpu", 2L, "r:|1")).block(SOON));
  }

  @Test
  void swarm_underAnEndedOnesId_hasAHistoryOfItsOwn() {
    create("heir");
    String channel = ChannelName.of("heir");
    node.sendMessage("one", "heir", NewMessage.of("secret", 1)).block(SOON);
    Position before =
        node.channels().history(channel, null, 10).block(SOON).messages().get(0).position();
    node.deregisterSwarm("heir", "completed").block(SOON);
    create("heir");

    HistoryPage empty = node.channels().history(channel, null, 10).block(SOON);
    assertThat(empty.messages()).isEmpty();
    assertThat(empty.epoch()).isNotEqualTo(before.epoch());
    node.sendMessage("one", "heir", NewMessage.of("hello", 1)).block(SOON);
    List<ChannelEvent> resumed =
        node.channels().flux(channel, before).take(2).collectList().block(SOON);
    assertThat(resumed.get(0)).isEqualTo(new Gap(channel, empty.epoch(), 1, 0, Gap.Reason.EPOCH));
    assertThat(((ChannelMessage) resumed.get(1)).message().type()).isEqualTo("hello");
  }

  @Test
  void swarm_registeredWhileSubscribed_startsNoNewEpoch() {
    String channel = ChannelName.of("new");
    String epoch = node.channels().history(channel, null, 10).block(SOON).epoch();
    create("new");
    assertThat(node.channels().history(channel, null, 10).block(SOON).epoch()).isEqualTo(epoch);
  }
}
