package io.multiswarm.load.baseline;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A script that stores and publishes a message of one size and does nothing else, called every so
 * often, with one listener: what so many bytes cost this Redis on this machine while something else
 * is measured. How long it takes is Redis's to say.
 */
public final class BarePulse {

  private static final byte[] NAME = "bare:pulse".getBytes(US_ASCII);

  private final BareRedis redis;
  private final BareScript.Loaded script;
  private final byte[] message;
  private final AtomicLong calls = new AtomicLong();
  private volatile @Nullable Throwable failure;
  private Disposable beat = () -> {};

  private BarePulse(BareRedis redis, BareScript.Loaded script, int bytes) {
    this.redis = redis;
    this.script = script;
    this.message = ("\"text\":\"" + "x".repeat(bytes) + "\"}").getBytes(US_ASCII);
  }

  /** Goes on until it is closed; reads a file. */
  public static Mono<BarePulse> start(URI uri, int bytes, Duration pause, Scheduler clock) {
    BareScript script = BareScript.beside(BarePulse.class, "bare_large.lua");
    return Mono.defer(
        () -> {
          var redis = new BareRedis(uri);
          return redis
              .writing()
              .flatMap(script::load)
              .map(loaded -> new BarePulse(redis, loaded, bytes))
              .delayUntil(pulse -> redis.listen(NAME, (channel, heard) -> {}))
              .doOnNext(pulse -> pulse.beat(pause, clock))
              .onErrorResume(error -> redis.close().then(Mono.error(error)));
        });
  }

  private void beat(Duration pause, Scheduler clock) {
    beat =
        Flux.interval(Duration.ZERO, pause, clock)
            .onBackpressureDrop()
            .concatMap(tick -> call(), 1)
            .subscribe(any -> calls.incrementAndGet(), error -> failure = error);
  }

  private Mono<Long> call() {
    return Mono.fromCompletionStage(() -> script.number(List.of(NAME), List.of(NAME, message)));
  }

  /** What Redis knows the script by. */
  public String digest() {
    return script.digest();
  }

  /** Since this was asked the last time. An error when there can be no more. */
  public Mono<Long> takeCalls() {
    return Mono.defer(() -> failure == null ? Mono.just(calls.getAndSet(0)) : Mono.error(failure));
  }

  public Mono<Void> close() {
    beat.dispose();
    return redis.close();
  }
}
