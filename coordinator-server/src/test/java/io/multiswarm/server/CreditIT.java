package io.multiswarm.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.common.CoordinationOptions;
import io.multiswarm.testing.RedisTest;
import io.multiswarm.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Credit over a real socket: what was asked for arrives, and then nothing. That nothing came is
 * seen from what follows it on the same connection, see {@link #nothingMoreComes}.
 *
 * <p>{@code -Dcredit.rounds=100000} is a longer form.
 */
@RedisTest
class CreditIT {

  private static final int ROUNDS = Integer.getInteger("credit.rounds", 10_000);
  private static final int CHANNELS = 20;
  private static final int MOST = 10_000;
  private static final int HISTORY = 2 * MOST;

  /** The server allows 64. */
  private static final int UNANSWERED = 48;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String MARKS = "swarm:global";

  private final Random random = new Random(7);
  private final Map<String, Subscription> subscriptions = new HashMap<>();
  private final Deque<CompletableFuture<JsonNode>> unanswered = new ArrayDeque<>();
  private TestServer server;
  private JsonClient subscriber;
  private JsonClient publisher;
  private int marks;

  /** What one subscription was promised, and what it got. */
  private static final class Subscription {
    final String swarm;
    long granted;
    long published;
    long received;
    long gone;

    Subscription(String swarm, long granted) {
      this.swarm = swarm;
      this.granted = granted;
    }

    String channel() {
      return "swarm:" + swarm;
    }

    long expected() {
      return Math.min(granted, published - gone);
    }

    void take(JsonNode message) {
      received++;
      assertThat(received)
          .as("messages of %s with credit for %d", swarm, granted)
          .isLessThanOrEqualTo(granted);
      assertThat(message.at("/message/payload/data").asLong()).as(swarm).isEqualTo(received + gone);
    }
  }

  private void start(TestRedis redis, int history) {
    server =
        TestServer.start(
            redis,
            CoordinationOptions.defaults()
                .withHistory(
                    new CoordinationOptions.History(history, Duration.ofHours(1), 64 << 20)));
    subscriber = server.connect();
    publisher = server.connect();
    publisher.ok("swarm.create", "{\"id\":\"marker\",\"objective\":\"mark\"}");
    subscriber.ok("channel.subscribe", "{\"channel\":\"" + MARKS + "\"}");
  }

  @AfterEach
  void stop() {
    subscriber.crash();
    publisher.crash();
    server.close();
  }

  @Test
  void credit_overRandomRounds_isExact(TestRedis redis) {
    start(redis, HISTORY);
    for (int i = 0; i < CHANNELS; i++) {
      subscribe("s" + i, random.nextInt(6));
    }
    for (int round = 0; round < ROUNDS; round += CHANNELS) {
      List<Runnable> acts = new ArrayList<>();
      for (Subscription each : subscriptions.values()) {
        int messages = random.nextInt(5);
        int credit = random.nextInt(5);
        acts.add(() -> publish(each, messages));
        acts.add(() -> request(each, credit));
      }
      java.util.Collections.shuffle(acts, random);
      acts.forEach(Runnable::run);
      answered(0);
      everythingExpectedComes();
      nothingMoreComes();
    }
  }

  @Test
  void credit_ofFive_isFiveMessagesAndNone(TestRedis redis) {
    start(redis, HISTORY);
    Subscription five = subscribe("five", 5);

    publish(five, 12);
    everythingExpectedComes();
    nothingMoreComes();

    assertThat(five.received).isEqualTo(5);
  }

  @Test
  void credit_beyondTheMost_saturates(TestRedis redis) {
    start(redis, HISTORY);
    Subscription most = subscribe("most", MOST);
    subscriber.ok("channel.request", request(most.channel(), MOST));

    publish(most, MOST + 100);
    everythingExpectedComes();
    nothingMoreComes();

    assertThat(most.received).isEqualTo(MOST);
  }

  @Test
  void gap_always_costsNoCredit(TestRedis redis) {
    start(redis, 10);
    Subscription late = subscribe("late", 0);
    publish(late, 1_000);
    answered(0);

    request(late, 5);
    everythingExpectedComes();
    nothingMoreComes();

    assertThat(late.gone).isPositive();
    assertThat(late.received).isEqualTo(5);
  }

  private Subscription subscribe(String swarm, int credit) {
    publisher.ok("swarm.create", "{\"id\":\"" + swarm + "\",\"objective\":\"publish\"}");
    Subscription subscription = new Subscription(swarm, credit);
    subscriber.ok(
        "channel.subscribe",
        "{\"channel\":\"" + subscription.channel() + "\",\"credit\":" + credit + "}");
    subscriptions.put(subscription.channel(), subscription);
    return subscription;
  }

  private void publish(Subscription to, int messages) {
    for (int i = 0; i < messages; i++) {
      to.published++;
      answered(UNANSWERED);
      unanswered.add(
          publisher.call(
              "message.send",
              "{\"from\":\"%s\",\"to\":\"%s\",\"type\":\"t\",\"data\":%d}"
                  .formatted(to.swarm, to.swarm, to.published)));
    }
  }

  private void request(Subscription of, int n) {
    if (n > 0) {
      of.granted += n;
      unanswered.add(subscriber.call("channel.request", request(of.channel(), n)));
    }
  }

  private static String request(String channel, int n) {
    return "{\"channel\":\"" + channel + "\",\"n\":" + n + "}";
  }

  /** Waits until at most so many calls are without an answer. */
  private void answered(int atMost) {
    while (unanswered.size() > atMost) {
      JsonClient.ok(unanswered.remove());
    }
  }

  private void everythingExpectedComes() {
    while (subscriptions.values().stream().anyMatch(each -> each.received < each.expected())) {
      take(next());
    }
  }

  /**
   * A mark is published behind all messages. When it arrives the server has heard them, too, and
   * asked each subscription for its next; what had to be read for that has been read before the
   * answer to a later read; and then each subscription is asked once more before the second mark.
   */
  private void nothingMoreComes() {
    answered(0);
    mark();
    subscriber.ok("channel.history", "{\"channel\":\"" + MARKS + "\",\"limit\":1}");
    mark();
    subscriptions
        .values()
        .forEach(each -> assertThat(each.received).as(each.swarm).isEqualTo(each.expected()));
  }

  private void mark() {
    marks++;
    publisher.ok(
        "message.broadcast", "{\"from\":\"marker\",\"type\":\"mark\",\"data\":" + marks + "}");
    JsonNode notification = next();
    while (!notification.at("/params/channel").asString().equals(MARKS)) {
      take(notification);
      notification = next();
    }
    assertThat(notification.at("/params/message/payload/data").asInt()).isEqualTo(marks);
  }

  private void take(JsonNode notification) {
    JsonNode params = notification.get("params");
    Subscription of = subscriptions.get(params.get("channel").asString());
    if (notification.get("method").asString().equals("channel.gap")) {
      of.gone = params.get("to").asLong();
    } else {
      of.take(params);
    }
  }

  private JsonNode next() {
    JsonNode notification = subscriber.poll(PATIENCE);
    assertThat(notification).as("the next notification within %s", PATIENCE).isNotNull();
    return notification;
  }
}
