package io.multiswarm.load.baseline;

import io.multiswarm.load.client.StampedData;
import io.multiswarm.load.client.TaskNames;
import io.multiswarm.load.tasks.TaskSession;
import io.multiswarm.load.tasks.TaskTransport;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Redis without us: what scripts carry that do no more than a task's life takes, over the same
 * Redis, on the same machine, in the same run. As of the library, one node has all the swarms.
 */
final class BareTaskTransport implements TaskTransport {

  private static final String NAME = "bare scripts";

  private final StampedData data;
  private final int swarms;
  private final BareQueue.Scripts scripts;
  private final BareRedis redis;
  private final TaskNames names = new TaskNames();
  private final BareKeys keys =
      new BareKeys("load:%06x:".formatted(ThreadLocalRandom.current().nextInt(1 << 24)));
  private final Sinks.Empty<Void> broken = Sinks.empty();
  private @Nullable BareQueue queue;

  BareTaskTransport(StampedData data, int swarms, BareQueue.Scripts scripts, URI redis) {
    this.data = data;
    this.swarms = swarms;
    this.scripts = scripts;
    this.redis = new BareRedis(redis);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean isBaseline() {
    return true;
  }

  @Override
  public Mono<List<TaskSession>> open() {
    return redis
        .writing()
        .flatMap(commands -> scripts.load(commands, keys))
        .doOnNext(loaded -> queue = loaded)
        .flatMap(loaded -> redis.scheduler().map(scheduler -> session(loaded, scheduler)))
        .flatMap(session -> listen(session).thenReturn(List.of(session)));
  }

  /** The first failure breaks the transport, and those after it follow from it. */
  private BareTaskSession session(BareQueue loaded, Scheduler scheduler) {
    return new BareTaskSession(loaded, swarms, names, data, scheduler, broken::tryEmitError);
  }

  private Mono<Void> listen(BareTaskSession session) {
    return redis.listen(
        keys.channels(), (channel, message) -> session.heard(keys.swarmOf(channel), message));
  }

  @Override
  public Mono<String> describe(long task) {
    String id = names.of(task);
    return Mono.justOrEmpty(queue)
        .flatMap(found -> found.record(id))
        .map(record -> "%s was accepted and not completed: %s".formatted(id, record));
  }

  @Override
  public Mono<Void> broken() {
    return broken.asMono();
  }

  @Override
  public Mono<Void> close() {
    return Mono.justOrEmpty(queue).flatMap(found -> found.cleanUp(swarms)).then(redis.close());
  }
}
