package io.multiswarm.internal.distribution;

import static io.multiswarm.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.internal.stream.Outgoing;
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

  private final List<ChannelNode> nodes = new ArrayList<>();

  private ChannelNode node(String uri, OwnedRedis redis) {
    ChannelNode node =
        new ChannelNode(uri, CoordinationOptions.defaults().withFleet(redis.fleet()));
    nodes.add(node);
    return node;
  }

  /** All from the beginning of the channel, which is empty. */
  private static List<ChannelEvent> hear(ChannelNode node, String channel) {
    List<ChannelEvent> events = new CopyOnWriteArrayList<>();
    String epoch = node.channels.history(channel, null, 1).block(SOON).epoch();
    node.channels.flux(channel, new Position(epoch, 0)).subscribe(events::add);
    return events;
  }

  private static void publish(ChannelNode node, String channel, String name, int count) {
    Flux.range(1, count)
        .concatMap(
            i -> {
              String id = name + i;
              byte[] body = ("\"id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8);
              return node.publisher.publish(
                  new Outgoing(channel, null, null, id, Outgoing.Origin.GIVEN, body));
            })
        .retryWhen(
            Retry.fixedDelay(Long.MAX_VALUE, Duration.ofMillis(50))
                .filter(error -> CoordinationException.is(error, ErrorCode.UNAVAILABLE)))
        .blockLast(SOON);
  }

  @AfterEach
  void close() {
    nodes.forEach(ChannelNode::close);
  }

  @Test
  void subscribers_whenOffsetsWentBack_areToldOfAnotherEpoch(OwnedRedis redis) {
    ChannelNode node = node(redis.uri(), redis);
    List<String> names = IntStream.range(0, CHANNELS).mapToObj(i -> "swarm:c" + i).toList();
    List<List<ChannelEvent>> heard = names.stream().map(name -> hear(node, name)).toList();
    names.forEach(name -> publish(node, name, "kept", KEPT));
    afterThisNothingIsKept(redis);
    names.forEach(name -> publish(node, name, "lost", LOST));
    await("all", SOON, () -> heard.stream().allMatch(events -> events.size() == KEPT + LOST));

    redis.kill();
    redis.start();

    await(
        "what was kept",
        SOON,
        () -> heard.stream().allMatch(events -> events.size() == 2 * KEPT + LOST + 1));
    names.forEach(name -> publish(node, name, "new", 2));
    await("more", SOON, () -> heard.stream().allMatch(events -> ids(events).contains("new2")));
    heard.forEach(events -> assertToldAnew(events, KEPT + LOST, ids("kept", KEPT), ids("new", 2)));
  }

  @Test
  void subscribers_whenMoreCameThanWereLost_areToldNevertheless(OwnedRedis redis) {
    try (RedisProxy proxy = RedisProxy.before(redis)) {
      ChannelNode listener = node(proxy.uri(), redis);
      ChannelNode publisher = node(redis.uri(), redis);
      List<ChannelEvent> events = hear(listener, "swarm:c");
      publish(publisher, "swarm:c", "kept", KEPT);
      afterThisNothingIsKept(redis);
      publish(publisher, "swarm:c", "lost", LOST);
      await("all", SOON, () -> events.size() == KEPT + LOST);

      proxy.refuse();
      redis.kill();
      redis.start();
      publish(publisher, "swarm:c", "new", 2 * LOST);
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
