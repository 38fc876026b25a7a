package io.multiswarm.internal.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.List;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What Sentinels announce, each heard on a connection of its own: the one that leads a failover
 * tells most of it, and it may be any. A connection that is silent to a PING is made anew.
 *
 * @param heard channel and text
 * @param listens told whenever a Sentinel begins to be heard
 */
record SentinelEvents(
    Questions questions,
    LinkSettings settings,
    Scheduler scheduler,
    BiConsumer<String, String> heard,
    Runnable listens) {

  static final String SWITCHED = "+switch-master";
  static final String PROMOTES = "+failover-state-send-slaveof-noone";
  static final String ABORTED = "-failover-abort-";

  private static final Logger log = LoggerFactory.getLogger(SentinelEvents.class);

  Disposable listen(List<RedisAddress> sentinels) {
    return Flux.fromIterable(sentinels).flatMap(this::listenTo, sentinels.size()).subscribe();
  }

  private Flux<Void> listenTo(RedisAddress sentinel) {
    return Flux.usingWhen(questions.listenTo(sentinel), talk -> events(talk), Questions::end)
        .doOnError(error -> log.debug("Sentinel {} is not heard: {}", sentinel, error.toString()))
        .retryWhen(settings.reconnecting(scheduler).transientErrors(true));
  }

  /** Never completes; fails with the connection. */
  private Flux<Void> events(StatefulRedisPubSubConnection<String, String> talk) {
    Flux<Void> lost =
        Flux.create(
            sink -> {
              talk.addListener(
                  new RedisConnectionStateListener() {
                    @Override
                    public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
                      sink.error(new RedisConnectionException("the connection ended"));
                    }
                  });
              talk.addListener(new Hearer());
            });
    Mono<Void> begin =
        Mono.fromCompletionStage(() -> talk.async().subscribe(SWITCHED, PROMOTES))
            .then(Mono.fromCompletionStage(() -> talk.async().psubscribe(ABORTED + "*")))
            .then(Mono.fromRunnable(listens));
    Flux<Void> probes =
        Flux.interval(settings.pingInterval(), scheduler)
            .onBackpressureDrop()
            .concatMap(tick -> Mono.fromCompletionStage(() -> talk.async().ping()).then(), 1);
    return lost.mergeWith(begin.thenMany(probes));
  }

  private final class Hearer extends RedisPubSubAdapter<String, String> {
    @Override
    public void message(String channel, String message) {
      heard.accept(channel, message);
    }

    @Override
    public void message(String pattern, String channel, String message) {
      heard.accept(channel, message);
    }
  }
}
