package io.multiswarm.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.testing.Await;
import io.multiswarm.testing.OwnedRedis;
import io.multiswarm.testing.RedisTest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** After each connection everything that is wanted is subscribed. */
@RedisTest
@Tag("container")
class SubscriptionsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Counts how often it was told that it is subscribed. */
  private static final class Listener implements ChannelListener {
    final AtomicInteger subscribed = new AtomicInteger();
    final AtomicInteger heard = new AtomicInteger();

    @Override
    public void onMessage(byte[] message) {
      heard.incrementAndGet();
    }

    @Override
    public void onSubscribed() {
      subscribed.incrementAndGet();
    }
  }

  @Test
  void channel_askedForDuringAnOutage_isSubscribedAfterIt(OwnedRedis redis) {
    Scheduler scheduler = Schedulers.newSingle("subscriptions", true);
    RedisLink link = RedisLink.open(redis.uri(), LinkSettings.defaults(), scheduler);
    try {
      link.connected().block(PATIENCE);
      Subscriptions subscriptions = link.subscriptions();
      Listener before = new Listener();
      subscriptions.add("before", before);
      Await.await("the first", PATIENCE, () -> before.subscribed.get() > 0);
      redis.stop();
      Await.await("the outage", PATIENCE, () -> !subscriptions.isUp());

      Listener wanted = new Listener();
      subscriptions.add("wanted", wanted);
      // Somebody who asks again and again: each time it is given up and asked for anew.
      for (int i = 0; i < 5; i++) {
        subscriptions.remove("wanted", wanted);
        subscriptions.add("wanted", wanted);
      }
      subscriptions.remove("before", before);
      redis.start();

      Await.await("the subscription", PATIENCE, () -> wanted.subscribed.get() > 0);
      Await.await("readiness", PATIENCE, subscriptions::isUp);
      redis.cli("PUBLISH", "wanted", "hello");
      Await.await("a message", PATIENCE, () -> wanted.heard.get() == 1);
      assertThat(subscriptions.size()).isEqualTo(1);
    } finally {
      link.close().block(PATIENCE);
      scheduler.dispose();
    }
  }

  @Test
  void subscription_thatRedisForgot_isAskedForAgain(OwnedRedis redis) {
    Scheduler scheduler = Schedulers.newSingle("subscriptions", true);
    RedisLink link = RedisLink.open(redis.uri(), LinkSettings.defaults(), scheduler);
    try {
      link.connected().block(PATIENCE);
      Listener wanted = new Listener();
      link.subscriptions().add("wanted", wanted);
      Await.await("the first", PATIENCE, () -> wanted.subscribed.get() > 0);
      for (int cut = 0; cut < 3; cut++) {
        int told = wanted.subscribed.get();
        redis.killClients("pubsub");
        Await.await("the next", PATIENCE, () -> wanted.subscribed.get() > told);
      }
      Await.await("readiness", PATIENCE, link.subscriptions()::isUp);
    } finally {
      link.close().block(PATIENCE);
      scheduler.dispose();
    }
  }
}
