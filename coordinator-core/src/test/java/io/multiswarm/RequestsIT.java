package io.multiswarm;

import static io.multiswarm.common.Refused.refused;
import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.internal.messaging.DefaultMessenger;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.TestNodes;
import io.multiswarm.internal.stream.ChannelHistory;
import io.multiswarm.internal.stream.ChannelPublisher;
import io.multiswarm.internal.stream.ChannelStreams;
import io.multiswarm.internal.stream.StreamCounters;
import io.multiswarm.messaging.ChannelName;
import io.multiswarm.messaging.MessagingStatistics;
import io.multiswarm.messaging.Messenger.Reply;
import io.multiswarm.messaging.NewMessage;
import io.multiswarm.registry.NewSwarm;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import io.multiswarm.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** What becomes of requests that nobody answers, or not in time. */
@RedisTest
class RequestsIT {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final int MOST = 10_000;
  private static final int AT_ONCE = 500;

  private MultiSwarmCoordination node;

  /**
   * The swarm that asks, on a clock that the test turns: the time of a request is over when it has
   * been stored, however long that takes.
   */
  private final class Unhurried implements AutoCloseable {
    final DefaultMessenger messenger;
    private final VirtualTime time = new VirtualTime();
    private final TestNodes connected;

    Unhurried(TestRedis redis) {
      CoordinationOptions options = CoordinationOptions.defaults().withFleet(redis.fleet());
      connected = TestNodes.connect(redis.uri(), options, time.scheduler());
      NodeContext context = connected.context();
      StreamCounters counters = new StreamCounters();
      ChannelStreams streams =
          new ChannelStreams(context, new ChannelHistory(context, counters), counters);
      messenger =
          new DefaultMessenger(context, new ChannelPublisher(context), streams, counters, by -> {});
    }

    void askInVain(Duration timeout) {
      NewMessage question = NewMessage.of("q", "q");
      Mono<Reply> reply =
          messenger.request(node.ownership("asker"), "mute", question, timeout).cache();
      reply.subscribe(answer -> {}, refusal -> {});
      await("the request", SOON, () -> messenger.statistics().messagesSent() == 1);
      time.advance(timeout);
      refused(ErrorCode.DEADLINE_EXCEEDED, () -> reply.block(SOON));
    }

    @Override
    public void close() {
      connected.close();
      time.close();
    }
  }

  @BeforeEach
  void start(TestRedis redis) {
    node =
        MultiSwarmCoordination.create(
            redis.uri(), CoordinationOptions.defaults().withFleet(redis.fleet()));
    node.initialize().block(SOON);
    node.createSwarm(NewSwarm.of("asks").withId("asker")).block(SOON);
    node.createSwarm(NewSwarm.of("says nothing").withId("mute")).block(SOON);
  }

  @AfterEach
  void stop() {
    node.shutdown().block(SOON);
  }

  @Test
  void request_withoutReply_countsAsSent(TestRedis redis) {
    try (Unhurried asker = new Unhurried(redis)) {
      asker.askInVain(LONG);

      MessagingStatistics statistics = asker.messenger.statistics();
      assertThat(statistics.messagesSent()).isEqualTo(1);
      assertThat(statistics.targetedSent()).isEqualTo(1);
      assertThat(statistics.errors()).isEqualTo(1);
      assertThat(statistics.pendingRequests()).isZero();
    }
  }

  /** More than leave at once, so that some wait for their turn. */
  @Test
  void request_amongMessages_keepsItsPlace() {
    List<String> said = new ArrayList<>();
    List<Mono<?>> calls = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String type = (i % 7 == 5 ? "request-" : "message-") + i;
      said.add(type);
      calls.add(
          i % 7 == 5
              ? node.getMessenger("asker").request("mute", NewMessage.of(type, "q"), LONG)
              : node.getMessenger("asker").send("mute", NewMessage.of(type, "m")));
    }
    Disposable.Composite waiting = Disposables.composite();
    calls.forEach(call -> waiting.add(call.subscribe()));
    awaitSent(said.size());

    assertThat(node.channels().history(ChannelName.of("mute"), null, 1_000).block(SOON).messages())
        .extracting(message -> message.message().type())
        .containsExactlyElementsOf(said);
    waiting.dispose();
  }

  @Test
  void request_tooLarge_leavesNothingWaiting() {
    String large = "x".repeat(CoordinationOptions.defaults().maxMessageSize());

    refused(ErrorCode.PAYLOAD_TOO_LARGE, () -> ask(large, LONG).block(SOON));

    assertThat(statistics().pendingRequests()).isZero();
    assertThat(statistics().messagesSent()).isZero();
  }

  @Test
  void requests_overTheLimit_areRefusedUntilOthersEnd() {
    Disposable.Composite waiting = Disposables.composite();
    for (int i = 0; i < MOST; i++) {
      waiting.add(ask("q", LONG).subscribe());
      if (i % AT_ONCE == 0) {
        awaitSent(i + 1);
      }
    }
    awaitSent(MOST);
    assertThat(statistics().pendingRequests()).isEqualTo(MOST);

    refused(ErrorCode.RESOURCE_EXHAUSTED, () -> ask("q", LONG).block(SOON));

    waiting.dispose();
    assertThat(statistics().pendingRequests()).isZero();
    refused(ErrorCode.DEADLINE_EXCEEDED, () -> ask("q", Duration.ofMillis(50)).block(SOON));
  }

  @Test
  void reply_whenTheTimeIsOver_isRefusedAndCounted(TestRedis redis) {
    try (Unhurried asker = new Unhurried(redis)) {
      asker.askInVain(Duration.ofMillis(50));
    }
    String requestId =
        node.channels().history(ChannelName.of("mute"), null, 1).block(SOON).messages().stream()
            .map(message -> message.message().requestId())
            .findFirst()
            .orElseThrow();
    // Redis forgets who asked when the time is over, by its own clock.
    await("its end", SOON, () -> reply("asker", requestId) == ErrorCode.NOT_FOUND);
    long late = statistics().lateReplies();

    assertThat(reply("mute", requestId)).isEqualTo(ErrorCode.NOT_FOUND);

    assertThat(statistics().lateReplies()).isEqualTo(late + 1);
  }

  private Mono<Reply> ask(String data, Duration timeout) {
    return node.getMessenger("asker").request("mute", NewMessage.of("q", data), timeout);
  }

  private void awaitSent(int requests) {
    await("the requests", SOON, () -> statistics().messagesSent() == requests);
  }

  /** Replies, which must be refused. */
  private ErrorCode reply(String from, String requestId) {
    try {
      node.messenger().reply(node.ownership(from), requestId, Json.of("late")).block(SOON);
      throw new AssertionError("the reply was accepted");
    } catch (CoordinationException refused) {
      return refused.code();
    }
  }

  private MessagingStatistics statistics() {
    return node.messenger().statistics();
  }
}
