package io.multiswarm.load.target;

import java.net.URI;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A Redis of several processes, of which another one takes over when its master is killed. */
abstract class RedisGroup implements SharedRedis {

  final RedisConsole console;
  final Scheduler clock;
  private volatile @Nullable RedisServerProcess killed;

  RedisGroup(Scheduler clock) {
    this.console = new RedisConsole(clock);
    this.clock = clock;
  }

  /** Ends what there is of it when it cannot be formed. */
  static <T extends RedisGroup> Mono<T> formed(Supplier<T> made, Function<T, Mono<Void>> form) {
    return Mono.fromSupplier(made)
        .flatMap(
            group ->
                form.apply(group)
                    .thenReturn(group)
                    .onErrorResume(error -> group.close().then(Mono.error(error))));
  }

  /** The process that takes the fleet's writes; empty while it is not known. */
  abstract Mono<RedisServerProcess> master();

  @Override
  public Mono<Void> kill() {
    return whole()
        .then(Mono.defer(this::master))
        .delayUntil(console::stopWrites)
        .flatMap(
            master -> {
              killed = master;
              return master.kill();
            });
  }

  @Override
  public Mono<Void> restart() {
    return Mono.justOrEmpty(killed).flatMap(RedisServerProcess::restart);
  }

  @Override
  public Mono<URI> writable() {
    return Mono.defer(this::master).map(RedisServerProcess::uri);
  }
}
