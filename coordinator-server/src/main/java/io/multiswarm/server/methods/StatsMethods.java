package io.multiswarm.server.methods;

import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.Json;
import io.multiswarm.server.protocol.Answers;
import io.multiswarm.server.protocol.Notification;
import io.multiswarm.server.session.Call;
import io.multiswarm.server.session.MethodTable;
import io.multiswarm.server.session.NotificationSource;
import io.multiswarm.server.session.OneAtATime;
import io.multiswarm.server.session.Session;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** {@code stats.*}: the numbers of the whole fleet and of this node. */
final class StatsMethods implements MethodTable.Group {

  private static final long DEFAULT_INTERVAL = 1_000;
  private static final long MIN_INTERVAL = 100;
  private static final long MAX_INTERVAL = Duration.ofHours(1).toMillis();

  /** However many look on, and however often. */
  private static final Duration BETWEEN_READINGS = Duration.ofSeconds(1);

  private final Mono<Json> fresh;
  private final Mono<byte[]> shown;
  private final Scheduler scheduler;

  /**
   * @param statistics read anew with each subscription, which happens once at a time
   */
  StatsMethods(Mono<Json> statistics, Scheduler scheduler) {
    this.fresh = new OneAtATime<>(statistics).mono();
    this.shown =
        fresh
            .map(numbers -> Answers.notification(Notification.STATS_UPDATE, numbers))
            .cache(
                value -> BETWEEN_READINGS, away -> Duration.ZERO, () -> Duration.ZERO, scheduler);
    this.scheduler = scheduler;
  }

  @Override
  public void addTo(MethodTable.Builder table) {
    table
        .method("stats.get", call -> fresh)
        .method("stats.subscribe", this::subscribe)
        .method("stats.unsubscribe", this::unsubscribe);
  }

  private Mono<Json> subscribe(Call call) {
    long interval =
        call.params().integer("intervalMs", DEFAULT_INTERVAL, MIN_INTERVAL, MAX_INTERVAL);
    Subscription subscription = Subscription.of(call.session());
    subscription.reserve();
    subscription.guardedBy(call.guard(Json.EMPTY_OBJECT));
    call.afterAnswer(() -> subscription.start(updates(Duration.ofMillis(interval))));
    return Mono.empty();
  }

  /** Ticks that come while Redis is slow are left out, those while it is away give nothing. */
  private Flux<byte[]> updates(Duration interval) {
    return Flux.interval(Duration.ZERO, interval, scheduler)
        .onBackpressureDrop()
        .concatMap(tick -> shown.onErrorResume(away -> Mono.empty()), 1);
  }

  private Mono<Json> unsubscribe(Call call) {
    Subscription.of(call.session()).end();
    return Mono.empty();
  }

  /** A session's subscription: only the latest numbers wait to be sent. */
  private static final class Subscription implements NotificationSource {

    private final Session session;
    private boolean reserved;
    private Disposable guard = Disposables.disposed();
    private @Nullable Disposable updates;
    private byte @Nullable [] latest;

    private Subscription(Session session) {
      this.session = session;
      session.onEnd(this::end);
    }

    static Subscription of(Session session) {
      return session.part(Subscription.class, Subscription::new);
    }

    void reserve() {
      if (reserved) {
        throw CoordinationException.of(
            ErrorCode.ALREADY_EXISTS,
            "stats are subscribed already; unsubscribe them to change the interval");
      }
      reserved = true;
    }

    void guardedBy(Disposable watch) {
      guard = watch;
    }

    void start(Flux<byte[]> numbers) {
      if (reserved && updates == null && !session.isEnded()) {
        session.addSource(this);
        updates = numbers.publishOn(session.loop(), 1).subscribe(this::update);
      }
    }

    private void update(byte[] numbers) {
      latest = numbers;
      session.peer().wake();
    }

    void end() {
      reserved = false;
      guard.dispose();
      latest = null;
      session.removeSource(this);
      if (updates != null) {
        updates.dispose();
        updates = null;
      }
    }

    @Override
    public byte @Nullable [] poll() {
      byte[] numbers = latest;
      latest = null;
      return numbers;
    }
  }
}
