package io.multiswarm.internal.redis;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * Where the connections go, and whether those that are there are at the right server.
 *
 * <p>Who is the one is asked before each connection, after it, when Redis says that it is another,
 * and again and again while a connection is down: one that is just being made to a server that is
 * frozen is given up as soon as there is a better one.
 */
final class Compass {

  private static final Logger log = LoggerFactory.getLogger(Compass.class);
  private static final Duration LOOK_WHILE_DOWN = Duration.ofMillis(500);

  private final Route route;
  private final LinkSettings settings;
  private final Scheduler scheduler;
  private final Whereabouts whereabouts;
  private final List<ConnectionLane> lanes = new CopyOnWriteArrayList<>();
  private final AtomicBoolean asking = new AtomicBoolean();
  private final Disposable looks;
  private volatile boolean closed;

  /**
   * @param whereabouts made of whom to tell that a connection may be to the wrong server
   */
  Compass(
      Route route,
      LinkSettings settings,
      Scheduler scheduler,
      Function<Consumer<String>, Whereabouts> whereabouts) {
    this.route = route;
    this.settings = settings;
    this.scheduler = scheduler;
    this.whereabouts = whereabouts.apply(this::recheck);
    this.looks =
        Flux.interval(LOOK_WHILE_DOWN, scheduler)
            .onBackpressureDrop()
            .subscribe(tick -> lookWhileDown());
  }

  void guide(ConnectionLane lane) {
    lanes.add(lane);
  }

  /**
   * @param told of the server before its name is resolved
   */
  Mono<SocketAddress> locate(Consumer<RedisAddress> told) {
    return route.prepare().then(Mono.defer(whereabouts::find)).doOnNext(told).flatMap(route::to);
  }

  Mono<Void> prepare() {
    return route.prepare();
  }

  /** Until there is an answer, or nobody waits for one any more. */
  Retry untilLocated() {
    return settings.reconnecting(scheduler).filter(error -> !closed);
  }

  /**
   * Asks where the server is, one question at a time, and closes what leads elsewhere.
   *
   * @param reason empty when nothing is known but that a look is due
   */
  void recheck(String reason) {
    closeElsewhere(reason);
    if (!closed && whereabouts.mayMove() && asking.compareAndSet(false, true)) {
      whereabouts
          .find()
          .doFinally(signal -> asking.set(false))
          .subscribe(
              found -> closeElsewhere(reason),
              error -> log.debug("Where Redis is, cannot be told now: {}", error.toString()));
    }
  }

  private void closeElsewhere(String reason) {
    for (ConnectionLane lane : lanes) {
      RedisAddress server = lane.server();
      if (server != null && whereabouts.isElsewhere(server) && lane.closeChannel()) {
        log.warn("Left {}: {}", server, reason.isEmpty() ? "another serves this fleet" : reason);
      }
    }
  }

  private void lookWhileDown() {
    if (lanes.stream().anyMatch(lane -> !lane.isUp())) {
      recheck("");
    }
  }

  /** Why one of the connections is not there; null when all are, or nothing is known yet. */
  @Nullable String trouble() {
    for (ConnectionLane lane : lanes) {
      String known = lane.trouble();
      if (known != null) {
        return known;
      }
    }
    return null;
  }

  void dropAll() {
    lanes.forEach(ConnectionLane::closeChannel);
  }

  void close() {
    closed = true;
    looks.dispose();
    whereabouts.close();
  }

  /** When no connection asks for its way any more. Takes locks: not for Netty's threads. */
  void end() {
    route.close();
  }
}
