package io.multiswarm.internal.distribution;

import static io.multiswarm.common.Refused.refused;
import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.internal.stream.ChannelPublisher;
import io.multiswarm.internal.stream.ChannelStreams;
import io.multiswarm.internal.stream.Outgoing;
import io.multiswarm.internal.stream.StreamCounters;
import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.Channels.HistoryPage;
import io.multiswarm.messaging.Gap;
import io.multiswarm.messaging.Position;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.Subscriptions;
import io.multiswarm.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

@RedisTest
@Tag("container")
class ChannelsIT {

  private static final String CHANNEL = "swarm:global";
  private static final Duration SOON = Duration.ofSeconds(30);

  private TestRedis redis;
  private ChannelNode node;
  private ChannelStreams streams;
  private ChannelPublisher publisher;
  private DefaultChannels channels;
  private StreamCounters counters;

  @BeforeEach
  void open(TestRedis server) {
    redis = server;
    CoordinationOptions options =
        CoordinationOptions.defaults()
            .withFleet(server.fleet())
            .withHistory(new CoordinationOptions.History(100, Duration.ofHours(1), 64 << 10));
    node = new ChannelNode(server.uri(), options);
    counters = node.counters;
    streams = node.streams;
    publisher = node.publisher;
    channels = node.channels;
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void flux_liveMessages_arriveInOrderWithTheBytesThatWerePublished() {
    Collector collector = subscribe(CHANNEL, null, Long.MAX_VALUE);
    publish(1, 500);
    await("all messages", SOON, () -> collector.events.size() == 500);
    collector.assertOffsets(1, 500);
    assertThat(collector.message(499).envelope().toString()).isEqualTo(envelope(500));
    assertThat(counters.pagesRead()).as("live messages need no page").isLessThan(5);
  }

  @Test
  void publish_sameIdAgain_isStoredOnceAndAnsweredAlike() {
    Position first = publish("m1");
    Position again = publish("m1");
    assertThat(again).isEqualTo(first);
    assertThat(publish("m2").offset()).isEqualTo(first.offset() + 1);
  }

  @Test
  void flux_withoutDemand_waitsInTheHistoryAndLosesNothing() {
    Collector collector = subscribe(CHANNEL, null, 3);
    publish(1, 90);
    await("the demand", SOON, () -> collector.events.size() == 3);
    collector.request(7);
    await("more demand", SOON, () -> collector.events.size() == 10);
    collector.request(1_000);
    await("the rest", SOON, () -> collector.events.size() == 90);
    collector.assertOffsets(1, 90);
  }

  @Test
  void flux_farBehindTheHistory_announcesExactlyWhatIsMissing() {
    Collector collector = subscribe(CHANNEL, null, 0);
    Collector other = subscribe(CHANNEL, null, Long.MAX_VALUE);
    publish(1, 1_000);
    // Of what is on its way to this process, the window would give the first ones after all.
    await("all here", SOON, () -> other.lastOffset() == 1_000);
    collector.request(Long.MAX_VALUE);
    await("the end", SOON, () -> collector.lastOffset() == 1_000);
    Gap gap = (Gap) collector.events.get(0);
    assertThat(gap.reason()).isEqualTo(Gap.Reason.TRIMMED);
    assertThat(gap.from()).isEqualTo(1);
    assertThat(gap.to()).isBetween(800L, 900L);
    assertThat(collector.offsets())
        .containsExactlyElementsOf(LongStream.rangeClosed(gap.to() + 1, 1_000).boxed().toList());
  }

  @Test
  void flux_since_replaysAndGoesOnLive() {
    publish(1, 50);
    Position end = history(null, 1).messages().get(0).position();
    Collector collector = subscribe(CHANNEL, new Position(end.epoch(), 20), Long.MAX_VALUE);
    publish(51, 80);
    await("replay and live", SOON, () -> collector.events.size() == 60);
    collector.assertOffsets(21, 80);
  }

  @Test
  void subscribe_positions_tellWhetherTheyCanBeMadeWhole() {
    publish(1, 300);
    Position end = history(null, 1).messages().get(0).position();
    assertThat(recovered(null)).isTrue();
    assertThat(recovered(new Position(end.epoch(), 300))).isTrue();
    assertThat(recovered(new Position(end.epoch(), 290))).isTrue();
    assertThat(recovered(new Position(end.epoch(), 1))).isFalse();
    assertThat(recovered(new Position(end.epoch(), 301))).isFalse();
    assertThat(recovered(new Position("other", 300))).isFalse();
  }

  @Test
  void flux_sinceOfAnotherEpoch_tellsTheEpochAndGivesWhatIsRetained() {
    publish(1, 5);
    Collector collector = subscribe(CHANNEL, new Position("other", 3), Long.MAX_VALUE);
    await("gap and messages", SOON, () -> collector.events.size() == 6);
    Gap gap = (Gap) collector.events.get(0);
    assertThat(gap.reason()).isEqualTo(Gap.Reason.EPOCH);
    assertThat(gap.from()).isEqualTo(1);
    assertThat(gap.to()).isZero();
    assertThat(collector.offsets()).containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void flux_historyDeleted_tellsLiveSubscribersOfTheNewEpoch() {
    Collector collector = subscribe(CHANNEL, null, Long.MAX_VALUE);
    publish(1, 3);
    await("the old epoch", SOON, () -> collector.events.size() == 3);
    redis
        .list("KEYS", "*" + redis.fleet() + "*history*" + CHANNEL + "*")
        .forEach(key -> redis.cli("DEL", key));
    publish(4, 5);
    await("the new epoch", SOON, () -> collector.events.size() == 6);
    Gap gap = (Gap) collector.events.get(3);
    assertThat(gap.reason()).isEqualTo(Gap.Reason.EPOCH);
    assertThat(gap.to()).isZero();
    assertThat(gap.epoch()).isNotEqualTo(collector.message(0).position().epoch());
    assertThat(collector.message(5).position()).isEqualTo(new Position(gap.epoch(), 2));
  }

  @Test
  void flux_pubsubConnectionKilled_fillsTheHoleFromTheHistory() {
    Collector collector = subscribe(CHANNEL, null, Long.MAX_VALUE);
    for (int round = 0; round < 5; round++) {
      publish(round * 80 + 1, round * 80 + 40);
      redis.killClients("pubsub");
      publish(round * 80 + 41, round * 80 + 80);
      long due = round * 80 + 80;
      await("what was published meanwhile", SOON, () -> collector.lastOffset() == due);
    }
    collector.assertOffsets(1, 400);
  }

  /** Redis came back with less than it had told, as after a power cut. */
  @Test
  void flux_newestMessagesLost_theirOffsetsAreNotGivenAgain() {
    Collector collector = subscribe(CHANNEL, null, Long.MAX_VALUE);
    publish(1, 3);
    redis.cli("COPY", stored(), stored() + ":backup");
    publish(4, 5);
    await("all of them", SOON, () -> collector.events.size() == 5);
    Position seen = collector.message(4).position();

    redis.cli("COPY", stored() + ":backup", stored(), "REPLACE");
    redis.killClients("pubsub");
    await("the loss to be told", SOON, () -> collector.events.size() == 9);
    publish(6, 8);
    await("what came later", SOON, () -> collector.events.size() == 12);

    Gap gap = (Gap) collector.events.get(5);
    assertThat(gap.reason()).isEqualTo(Gap.Reason.EPOCH);
    assertThat(gap.epoch()).isGreaterThan(seen.epoch());
    assertThat(collector.message(11).position()).isEqualTo(new Position(gap.epoch(), 6));
    assertThat(recovered(seen)).as("there is a fifth message, but another one").isFalse();
  }

  /** Others were quick to say something new on the channel, before it could be compared. */
  @Test
  void flux_newestMessagesLostAndOthersInTheirPlace_isToldAllTheSame() {
    streams.stop(); // a channel that is quiet for long has forgotten the message to compare
    Collector collector = subscribe(CHANNEL, null, Long.MAX_VALUE);
    publish(1, 1);
    redis.cli("COPY", stored(), stored() + ":backup");
    publish(2, 3);
    await("all of them", SOON, () -> collector.events.size() == 3);

    redis.cli("COPY", stored() + ":backup", stored(), "REPLACE");
    for (int number = 12; number <= 15; number++) {
      redis.cli(
          "XADD",
          stored(),
          collector.message(0).position().epoch() + "-*",
          "t",
          "1700000000000",
          "m",
          envelope(number).substring(1));
    }
    redis.killClients("pubsub");

    await("the loss and what is there", SOON, () -> collector.events.size() == 9);
    Gap gap = (Gap) collector.events.get(3);
    assertThat(gap.reason()).isEqualTo(Gap.Reason.EPOCH);
    assertThat(
            collector.events.subList(4, 9).stream()
                .map(event -> ((ChannelMessage) event).envelope().toString()))
        .containsExactly(envelope(1), envelope(12), envelope(13), envelope(14), envelope(15));
  }

  private String stored() {
    return node.context.keys().historyStream(CHANNEL);
  }

  @Test
  void flux_foreignMessage_isDeliveredLiveAndMarked() {
    Collector collector = subscribe(CHANNEL, null, Long.MAX_VALUE);
    publish(1, 1);
    await("the subscription", SOON, () -> collector.events.size() == 1);
    String name = node.context.keys().channel(CHANNEL);
    redis.cli("PUBLISH", name, "no envelope");
    redis.cli(
        "PUBLISH", name, "{\"id\":\"f\",\"swarmId\":\"legacy\",\"payload\":{\"type\":\"hello\"}}");
    await("the foreign message", SOON, () -> collector.events.size() == 2);
    ChannelMessage foreign = collector.message(1);
    assertThat(foreign.isForeign()).isTrue();
    assertThat(foreign.message().swarmId()).isEqualTo("legacy");
    assertThat(counters.ignoredMessages()).isEqualTo(1);
  }

  @Test
  void history_limits_giveTheNewestOrTheFirstAfterAPosition() {
    publish(1, 30);
    HistoryPage newest = history(null, 5);
    assertThat(newest.last()).isEqualTo(30);
    assertThat(newest.first()).isEqualTo(1);
    assertThat(offsets(newest)).containsExactly(26L, 27L, 28L, 29L, 30L);
    assertThat(offsets(history(new Position(newest.epoch(), 10), 3)))
        .containsExactly(11L, 12L, 13L);
  }

  @Test
  void history_emptyChannel_hasAnEpochThatTheFirstMessageKeeps() {
    HistoryPage empty = history(null, 100);
    assertThat(empty.messages()).isEmpty();
    assertThat(empty.first()).isZero();
    assertThat(empty.last()).isZero();
    assertThat(publish("m").epoch()).isEqualTo(empty.epoch());
  }

  @Test
  void history_bytesOverTheBudget_keepsFewerMessages() {
    String padding = "x".repeat(10_000);
    for (int i = 0; i < 20; i++) {
      publishEnvelope("big" + i, "{\"id\":\"big" + i + "\",\"pad\":\"" + padding + "\"}");
    }
    HistoryPage page = history(null, 100);
    assertThat(page.messages()).hasSizeBetween(5, 6);
    assertThat(page.last()).isEqualTo(20);
  }

  @Test
  void cancel_lastSubscriber_unsubscribesInRedis() {
    Collector one = subscribe(CHANNEL, null, 1);
    Collector two = subscribe(CHANNEL, null, 1);
    String name = node.context.keys().channel(CHANNEL);
    await("one subscription", SOON, () -> subscribersOf(name) == 1);
    one.cancel();
    assertThat(subscribersOf(name)).isEqualTo(1);
    two.cancel();
    await("no subscription", SOON, () -> subscribersOf(name) == 0);
    Collector three = subscribe(CHANNEL, null, Long.MAX_VALUE);
    publish(1, 3);
    await("a new life", SOON, () -> three.events.size() == 3);
  }

  @Test
  void subscribe_noChannel_isRefused() {
    for (String name : List.of("global", "swarm:", "swarm:index", "swarm:a:b", "swarm:*", "x")) {
      refused(ErrorCode.INVALID_ARGUMENT, () -> channels.flux(name, null).blockFirst(SOON));
    }
  }

  // ---------------------------------------------------------------------------------------------

  private int subscribersOf(String channel) {
    return redis.list("PUBSUB", "CHANNELS", channel).size();
  }

  private boolean recovered(@Nullable Position since) {
    return channels
        .subscribe(CHANNEL, since, () -> {})
        .map(
            subscription -> {
              subscription.reader().cancel();
              return subscription.recovered();
            })
        .block(SOON);
  }

  private HistoryPage history(@Nullable Position since, int limit) {
    return channels.history(CHANNEL, since, limit).block(SOON);
  }

  private static List<Long> offsets(HistoryPage page) {
    return page.messages().stream().map(message -> message.position().offset()).toList();
  }

  private static String envelope(int number) {
    return "{\"id\":\"m" + number + "\",\"n\":" + number + "}";
  }

  private void publish(int from, int to) {
    Flux.fromStream(IntStream.rangeClosed(from, to).boxed())
        .flatMapSequential(
            number ->
                publisher.publish(
                    new Outgoing(
                        CHANNEL,
                        null,
                        null,
                        "m" + number,
                        Outgoing.Origin.NEW,
                        body(envelope(number)))),
            256)
        .blockLast(SOON);
  }

  private static byte[] body(String envelope) {
    return envelope.substring(1).getBytes(StandardCharsets.UTF_8);
  }

  private Position publish(String id) {
    return publishEnvelope(id, "{\"id\":\"" + id + "\"}");
  }

  private Position publishEnvelope(String id, String envelope) {
    return publisher
        .publish(new Outgoing(CHANNEL, null, null, id, Outgoing.Origin.GIVEN, body(envelope)))
        .block(SOON);
  }

  /** Subscribed when this returns, so that what is published next is live. */
  private Collector subscribe(String channel, @Nullable Position since, long demand) {
    Collector collector = new Collector(demand);
    channels.flux(channel, since).subscribe(collector);
    Subscriptions.await(channels, SOON);
    return collector;
  }

  private static final class Collector extends BaseSubscriber<ChannelEvent> {
    private final List<ChannelEvent> events = new CopyOnWriteArrayList<>();
    private final long demand;

    Collector(long demand) {
      this.demand = demand;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
      if (demand > 0) {
        request(demand);
      }
    }

    @Override
    protected void hookOnNext(ChannelEvent event) {
      events.add(event);
    }

    ChannelMessage message(int index) {
      return (ChannelMessage) events.get(index);
    }

    List<Long> offsets() {
      return events.stream()
          .filter(ChannelMessage.class::isInstance)
          .map(event -> ((ChannelMessage) event).position().offset())
          .toList();
    }

    long lastOffset() {
      List<Long> offsets = offsets();
      return offsets.isEmpty() ? 0 : offsets.get(offsets.size() - 1);
    }

    void assertOffsets(long from, long to) {
      assertThat(events).allMatch(ChannelMessage.class::isInstance);
      assertThat(offsets())
          .containsExactlyElementsOf(LongStream.rangeClosed(from, to).boxed().toList());
    }
  }
}
