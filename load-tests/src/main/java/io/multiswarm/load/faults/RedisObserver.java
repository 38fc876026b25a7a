package io.multiswarm.load.faults;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.multiswarm.load.judge.LeadershipLedger;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Hears every channel of Redis on one connection, and so in the order in which Redis carried out
 * what was published: leaderships as they were announced, and the assignments of tasks, which only
 * the leader may write and which name its epoch. No server has a part in that. When Redis goes
 * away, it listens again as soon as there is one.
 */
public final class RedisObserver {

  /** Of a fleet with a name, too, which is in front, and on a cluster, where braces are around. */
  private static final String EVERYTHING = "*swarm*";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * A leadership that began.
   *
   * @param nanos when that was heard
   */
  public record Leadership(long epoch, String swarm, String node, long nanos) {}

  /** An assignment, heard at {@code nanos}. */
  public record Write(long epoch, long nanos) {}

  private static final Duration RECONNECT = Duration.ofMillis(50);

  private final ClientResources resources =
      DefaultClientResources.builder().reconnectDelay(Delay.constant(RECONNECT)).build();
  private final RedisClient client = RedisClient.create(resources);
  private final LeadershipLedger ledger;
  private final LongSupplier clock;

  // Emitted by the one thread of the connection, and each keeps one: emitting cannot fail.
  private final Sinks.Many<Leadership> leaderships = Sinks.many().replay().latest();
  private final Sinks.Many<Write> writes = Sinks.many().replay().latest();

  private final AtomicInteger connections = new AtomicInteger();

  private RedisObserver(LeadershipLedger ledger, LongSupplier clock) {
    this.ledger = ledger;
    this.clock = clock;
  }

  /** Listens from now on. */
  public static Mono<RedisObserver> open(URI redis, LeadershipLedger ledger, LongSupplier clock) {
    return Mono.fromSupplier(() -> new RedisObserver(ledger, clock))
        .flatMap(observer -> observer.listen(redis).thenReturn(observer));
  }

  private Mono<Void> listen(URI redis) {
    return Mono.fromCompletionStage(
            () -> client.connectPubSubAsync(StringCodec.UTF8, RedisURI.create(redis)))
        .flatMap(
            connection -> {
              connection.addListener(
                  new RedisPubSubAdapter<String, String>() {
                    @Override
                    public void message(String pattern, String channel, String message) {
                      heard(message);
                    }

                    @Override
                    public void psubscribed(String pattern, long count) {
                      if (connections.incrementAndGet() > 1) {
                        ledger.interrupted();
                      }
                    }
                  });
              return Mono.fromCompletionStage(connection.async().psubscribe(EVERYTHING));
            });
  }

  private void heard(String message) {
    if (message.contains("\"leadership_") || message.contains("\"task_assignment\"")) {
      JsonNode payload = JSON.readTree(message).path("payload");
      heard(payload.path("type").asString(""), payload.path("data"));
    }
  }

  private void heard(String type, JsonNode data) {
    long now = clock.getAsLong();
    long epoch = data.path("epoch").asLong();
    switch (type) {
      case "leadership_announcement" -> {
        String swarm = data.path("swarmId").asString();
        ledger.began(epoch, swarm);
        leaderships
            .tryEmitNext(new Leadership(epoch, swarm, data.path("node").asString(), now))
            .orThrow();
      }
      case "leadership_released" -> ledger.released(epoch);
      case "task_assignment" -> {
        ledger.wrote(epoch, data.path("assignedBy").asString());
        writes.tryEmitNext(new Write(epoch, now)).orThrow();
      }
      default -> {}
    }
  }

  /** The latest leadership if its epoch is above {@code epoch}, else the next such. */
  public Mono<Leadership> leadershipAfter(long epoch) {
    return leaderships.asFlux().filter(next -> next.epoch() > epoch).next();
  }

  /** The latest write if it has {@code epoch} or a newer one, else the next such. */
  public Mono<Write> writeSince(long epoch) {
    return writes.asFlux().filter(next -> next.epoch() >= epoch).next();
  }

  /** The latest write if it was heard after {@code nanos}, else the next one. */
  public Mono<Write> writeAfter(long nanos) {
    return writes.asFlux().filter(next -> next.nanos() > nanos).next();
  }

  /** How often listening was broken off, so that something may have been missed. */
  public int interruptions() {
    return connections.get() - 1;
  }

  public Mono<Void> close() {
    return Mono.fromCompletionStage(client::shutdownAsync).then(Mono.fromRunnable(this::quit));
  }

  /** Nothing is left to run on its threads, so there is nothing to wait for. */
  private void quit() {
    var unused = resources.shutdown(0, 1, TimeUnit.SECONDS);
  }
}
