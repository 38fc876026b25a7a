package io.multiswarm.internal.distribution;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.internal.node.NodeContext;
import io.multiswarm.internal.node.TestNodes;
import io.multiswarm.internal.stream.ChannelHistory;
import io.multiswarm.internal.stream.ChannelPublisher;
import io.multiswarm.internal.stream.ChannelStreams;
import io.multiswarm.internal.stream.Outgoing;
import io.multiswarm.internal.stream.StreamCounters;
import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.Gap;
import io.multiswarm.messaging.Position;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisProxy;
import io.multiswarm.testing.RedisTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

/**
 * Redis comes back without the newest messages of its channels, as from an older file or by a
 * failover, and gives their offsets to others: nothing of that is silent, no offset comes twice in
 * an epoch, and what Redis kept is not given up.
 */
@RedisTest
class RewoundChannelsIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int KEPT = 60;
  private static final int LOST = 40;

  /** So many that they get their epochs by more than one call. */
  private static final int CHANNELS = 40;

  private final List<Node> nodes = new ArrayList<>();

  private static final class Node {
    final TestNodes connected;
    final ChannelStreams streams;
    final ChannelPublisher publisher;
    final DefaultChannels channels;

    Node(String uri, OwnedRedis redis) {
      connected = TestNodes.connect(uri, CoordinationOptions.defaults().withFleet(redis.fleet()));
      NodeContext context = connected.context();
      StreamCounters counters = new StreamCounters();
      ChannelHistory history = new ChannelHistory(context, counters);
      streams = new ChannelStreams(context, history, counters);
      streams.start(context.scheduler());
      publisher = new ChannelPublisher(context);
      channels = new DefaultChannels(streams, history, counters, context.scheduler());
    }

    /** All from the beginning of the channel, which is empty. */
    List<ChannelEvent> hear(String channel) {
      List<ChannelEvent> events = new CopyOnWriteArrayList<>();
      String epoch = channels.history(channel, null, 1).block(SOON).epoch();
      channels.flux(channel, new Position(epoch, 0)).subscribe(events::add);
      return events;
    }

    void publish(String channel, String name, int count) {
      Flux.range(1, count)
          .concatMap(
              i -> {
                String id = name + i;
                byte[] body = ("\"id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8);
                return publisher.publish(
                    new Outgoing(channel, null, null, id, Outgoing.Origin.GIVEN, body));
              })
          .retryWhen(
              Retry.fixedDelay(Long.MAX_VALUE, Duration.ofMillis(50))
                  .filter(error -> CoordinationException.is(error, ErrorCode.UNAVAILABLE)))
          .blockLast(SOON);
    }

    void close() {
      streams.stop();
      connected.close();
    }
  }

  private Node node(String uri, OwnedRedis redis) {
    Node node = new Node(uri, redis);
    nodes.add(node);
    return node;
  }

  @AfterEach
  void close() {
    nodes.forEach(Node::close);
  }

  @Test
  void subscribers_whenOffsetsWentBack_areToldOfAnotherEpoch(OwnedRedis redis) {
    Node node = node(redis.uri(), redis);
    List<String> names = IntStream.range(0, CHANNELS).mapToObj(i -> "swarm:c" + i).toList();
    List<List<ChannelEvent>> heard = names.stream().map(node::hear).toList();
    names.forEach(name -> node.publish(name, "kept", KEPT));
    afterThisNothingIsKept(redis);
    names.forEach(name -> node.publish(name, "lost", LOST));
    await("all", SOON, () -> heard.stream().allMatch(events -> events.size() == KEPT + LOST));

    redis.kill();
    redis.start();

    await(
        "what was kept",
        SOON,
        () -> heard.stream().allMatch(events -> events.size() == 2 * KEPT + LOST + 1));
    names.forEach(name -> node.publish(name, "new", 2));
    await("more", SOON, () -> heard.stream().allMatch(events -> ids(events).contains("new2")));
    heard.forEach(events -> assertToldAnew(events, KEPT + LOST, ids("kept", KEPT), ids("new", 2)));
  }

  @Test
  void subscribers_whenMoreCameThanWereLost_areToldNevertheless(OwnedRedis redis) {
    try (RedisProxy proxy = RedisProxy.before(redis)) {
      Node listener = node(proxy.uri(), redis);
      Node publisher = node(redis.uri(), redis);
      List<ChannelEvent> events = listener.hear("swarm:c");
      publisher.publish("swarm:c", "kept", KEPT);
      afterThisNothingIsKept(redis);
      publisher.publish("swarm:c", "lost", LOST);
      await("all", SOON, () -> events.size() == KEPT + LOST);

      proxy.refuse();
      redis.kill();
      redis.start();
      publisher.publish("swarm:c", "new", 2 * LOST);
      proxy.heal();

      await("the newest", SOON, () -> ids(events).contains("new" + 2 * LOST));
      assertToldAnew(events, KEPT + LOST, ids("kept", KEPT), ids("new", 2 * LOST));
    }
  }

  /** The append-only file ends here, and is what Redis comes back from. */
  private static void afterThisNothingIsKept(OwnedRedis redis) {
    redis.cli("CONFIG", "SET", "appendonly", "no");
  }

  private static void assertToldAnew(
      List<ChannelEvent> events, int before, List<String> kept, List<String> since) {
    String first = ((ChannelMessage) events.get(0)).position().epoch();
    Gap gap = (Gap) events.get(before);
    assertThat(gap.reason()).isEqualTo(Gap.Reason.EPOCH);
    assertThat(gap.epoch()).isGreaterThan(first);
    assertThat(gap.to()).isZero();
    List<ChannelEvent> after = events.subList(before + 1, events.size());
    assertThat(after).allMatch(event -> event instanceof ChannelMessage);
    assertThat(ids(after)).containsExactlyElementsOf(concat(kept, since));
    assertThat(after)
        .extracting(event -> ((ChannelMessage) event).position().epoch())
        .containsOnly(gap.epoch());
    assertThat(after)
        .extracting(event -> ((ChannelMessage) event).position().offset())
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, kept.size() + since.size())
                .mapToObj(offset -> (long) offset)
                .toList());
  }

  private static List<String> ids(List<ChannelEvent> events) {
    return events.stream()
        .filter(ChannelMessage.class::isInstance)
        .map(event -> ((ChannelMessage) event).envelope().members().get("id").text())
        .toList();
  }

  private static List<String> ids(String name, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> name + i).toList();
  }

  private static List<String> concat(List<String> one, List<String> two) {
    List<String> both = new ArrayList<>(one);
    both.addAll(two);
    return both;
  }
}
