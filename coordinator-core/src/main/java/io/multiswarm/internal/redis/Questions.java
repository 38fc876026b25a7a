package io.multiswarm.internal.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.core.scheduler.Scheduler;

/** Short talks with single servers: each on a connection of its own, which is not made again. */
final class Questions {

  /** Who has not answered by then, after the first who did, is not waited for. */
  private static final Duration STRAGGLERS = Duration.ofMillis(200);

  private final RedisUrl url;
  private final Identity identity;
  private final Scheduler scheduler;
  private final Route route;
  private final RedisClient client;

  Questions(RedisUrl url, Identity identity, Route route, Scheduler scheduler, ClientResources on) {
    this.url = url;
    this.identity = identity;
    this.scheduler = scheduler;
    this.route = route;
    this.client =
        new LocatedClient(
            on, url.uri(), uri -> route.to(new RedisAddress(uri.getHost(), uri.getPort())), null);
    Duration patience = url.uri().getTimeout();
    client.setOptions(
        ClientOptions.builder()
            .autoReconnect(false)
            .timeoutOptions(TimeoutOptions.enabled(patience))
            .socketOptions(SocketOptions.builder().connectTimeout(patience).build())
            .sslOptions(identity.ssl(patience))
            .build());
  }

  RedisClient client() {
    return client;
  }

  /** Asks a server that has the fleet's data, or may have it. */
  <T> Mono<T> askRedis(
      RedisAddress server,
      Function<RedisAsyncCommands<String, String>, CompletionStage<T>> question) {
    return ask("Redis", server, identity.forRedis(), question);
  }

  <T> Mono<T> askSentinel(
      RedisAddress server,
      Function<RedisAsyncCommands<String, String>, CompletionStage<T>> question) {
    return ask("Sentinel", server, identity.forSentinel(), question);
  }

  private <T> Mono<T> ask(
      String kind,
      RedisAddress server,
      RedisCredentialsProvider login,
      Function<RedisAsyncCommands<String, String>, CompletionStage<T>> question) {
    RedisURI uri = uri(server, login);
    return Mono.usingWhen(
        route
            .prepare()
            .then(Mono.fromCompletionStage(() -> client.connectAsync(StringCodec.UTF8, uri)))
            .onErrorMap(error -> RedisHandshake.failed(error, kind, server, uri)),
        talk -> Mono.fromCompletionStage(() -> question.apply(talk.async())),
        Questions::end);
  }

  /** Whose replica a server is, for a sentence. */
  Mono<String> masterOf(RedisAddress server) {
    return askRedis(server, redis -> redis.info("replication"))
        .map(RedisReads::facts)
        .filter(facts -> facts.containsKey("master_host"))
        .map(facts -> facts.get("master_host") + ":" + facts.get("master_port"))
        .onErrorComplete()
        .defaultIfEmpty("another Redis");
  }

  /** A connection to a Sentinel that hears what it announces. */
  Mono<StatefulRedisPubSubConnection<String, String>> listenTo(RedisAddress sentinel) {
    return route
        .prepare()
        .then(
            Mono.fromCompletionStage(
                () ->
                    client.connectPubSubAsync(
                        StringCodec.UTF8, uri(sentinel, identity.forSentinel()))));
  }

  private RedisURI uri(RedisAddress server, RedisCredentialsProvider login) {
    return url.forQuestion(server, identity.access(), login);
  }

  static Mono<Void> end(StatefulRedisConnection<String, String> talk) {
    return Mono.fromCompletionStage(talk::closeAsync).onErrorComplete();
  }

  /**
   * What several servers say, of those that answer about as soon as the first. Fails as the last of
   * them when none does.
   */
  <T> Mono<List<T>> gather(List<Mono<T>> questions) {
    return Flux.fromIterable(questions)
        .flatMap(question -> question.materialize(), Math.max(1, questions.size()))
        .publish(
            signals ->
                signals.takeUntilOther(
                    signals
                        .filter(signal -> signal.isOnNext())
                        .next()
                        .delayElement(STRAGGLERS, scheduler)
                        .switchIfEmpty(Mono.never())))
        .filter(signal -> !signal.isOnComplete())
        .collectList()
        .flatMap(
            signals -> {
              List<T> answers = new ArrayList<>();
              Throwable failure = null;
              for (Signal<T> signal : signals) {
                T answer = signal.get();
                if (answer != null) {
                  answers.add(answer);
                } else {
                  failure = signal.getThrowable();
                }
              }
              return answers.isEmpty() && failure != null
                  ? Mono.error(failure)
                  : Mono.just(answers);
            });
  }
}
