package io.multiswarm.server.demo;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.server.client.Endpoint;
import io.multiswarm.server.client.NotReachedException;
import io.multiswarm.server.client.Told;
import io.multiswarm.server.client.Tree;
import io.multiswarm.server.client.WireClient;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * A client of the server. What it is told is kept while it is connected, so that who waits for
 * something need not begin before it happens.
 */
final class Player {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int KEPT = 1_000;

  private final String id;
  private final Endpoint server;
  private final Scheduler scheduler;
  private final Sinks.Empty<Void> failure = Sinks.empty();
  private volatile @Nullable Line line;

  private record Line(WireClient client, Sinks.Many<Told> told) {}

  /**
   * @param id of the swarm that it is, if it is one
   */
  Player(String id, Endpoint server, Scheduler scheduler) {
    this.id = id;
    this.server = server;
    this.scheduler = scheduler;
  }

  String id() {
    return id;
  }

  /** Opens a session; a former one is over. */
  Mono<Void> connect() {
    return WireClient.open(server, "demo-" + id, scheduler).doOnNext(this::listen).then();
  }

  private void listen(WireClient client) {
    Sinks.Many<Told> told = Sinks.many().replay().limit(KEPT);
    // Emitted by the connection alone, so no other result than OK is possible.
    client.told().subscribe(told::tryEmitNext, told::tryEmitError, told::tryEmitComplete);
    line = new Line(client, told);
  }

  private Line line() {
    Line open = line;
    if (open == null) {
      throw new IllegalStateException(id + " is not connected");
    }
    return open;
  }

  /** Calls a method. */
  Mono<Tree> call(String method, Map<String, ?> params) {
    return Mono.defer(() -> line().client().call(method, Json.of(params))).map(Tree::new);
  }

  /** Hears a channel from now on. */
  Mono<Void> subscribe(String channel) {
    return call("channel.subscribe", Map.of("channel", channel)).then();
  }

  private Flux<Tree> told(String notification) {
    return Flux.defer(() -> line().told().asFlux())
        .filter(told -> told.method().equals(notification))
        .map(told -> new Tree(told.params()));
  }

  /** The first that fits of what it was told and will be in this session. */
  Mono<Tree> first(String notification, Predicate<Tree> fits) {
    return awaited(notification, told(notification).filter(fits));
  }

  /** The first message of the type that fits, as {@code {channel, message}}. */
  Mono<Tree> firstMessage(String type, Predicate<Tree> fits) {
    return awaited(
        type,
        told("channel.message")
            .filter(heard -> heard.text("message.payload.type").equals(type) && fits.test(heard)));
  }

  private Mono<Tree> awaited(String what, Flux<Tree> heard) {
    Mono<Tree> late =
        Mono.error(
            () ->
                CoordinationException.of(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "the demo waited %d s for %s at %s",
                    PATIENCE.toSeconds(),
                    what,
                    id));
    return heard.next().timeout(PATIENCE, late, scheduler);
  }

  /** Reacts to each notification of this session, one after the other, until it ends. */
  void always(String notification, Function<Tree, Mono<Void>> reaction) {
    told(notification)
        .concatMap(reaction)
        .onErrorComplete(NotReachedException.class)
        // The first failure counts.
        .subscribe(null, failure::tryEmitError);
  }

  /** Never completes; fails with a reaction. */
  Mono<Void> failure() {
    return failure.asMono();
  }

  /** Is gone without a word. */
  void die() {
    line().client().abandon();
  }
}
