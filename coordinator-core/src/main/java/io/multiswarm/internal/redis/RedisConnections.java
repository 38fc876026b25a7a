package io.multiswarm.internal.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.NettyCustomizer;
import io.multiswarm.common.RedisAccess;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** Builds the Lettuce client with the settings that were found to matter, each with its reason. */
@SuppressWarnings("FutureReturnValueIgnored") // closing: there is nobody left to tell
final class RedisConnections {

  /** Keys are text, values stay bytes. */
  static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

  /** Writes that leave with one flush at most; the flush of an idle connection is not delayed. */
  private static final int FLUSH_EVERY = 256;

  /** Lettuce demands two; the three connections are shared out over them. */
  private static final int IO_THREADS = 2;

  private static final int COMPUTATION_THREADS = 2;

  private final List<RedisClient> clients = new ArrayList<>();
  private final List<ClientResources> shares = new ArrayList<>();
  private final RedisUrl url;
  private final Identity identity;
  private final LinkSettings settings;
  private final Questions questions;
  private final Compass compass;
  private final FailureLog failures;

  /** The threads of all clients. */
  private final ClientResources threads;

  private final boolean ownThreads;

  /**
   * @param fleet whose keys show which server of a cluster is meant
   * @param given threads of the application, which are not ended with the connections
   */
  RedisConnections(
      RedisUrl url,
      RedisAccess access,
      FleetKeys fleet,
      LinkSettings settings,
      Scheduler scheduler,
      @Nullable ClientResources given) {
    this.url = url;
    this.identity = new Identity(access, url.uri());
    this.settings = settings;
    this.failures = new FailureLog(scheduler);
    this.ownThreads = given == null;
    this.threads =
        given != null
            ? given
            : ClientResources.builder()
                .ioThreadPoolSize(IO_THREADS)
                .computationThreadPoolSize(COMPUTATION_THREADS)
                .build();
    Route route = new Route(identity);
    this.questions = new Questions(url, identity, route, scheduler, share(any -> {}, error -> {}));
    clients.add(questions.client());
    this.compass =
        new Compass(
            route,
            settings,
            scheduler,
            moved ->
                url.master() == null
                    ? new SlotOwner(url.seeds(), questions, fleet)
                    : new SentinelMaster(url, url.master(), questions, settings, scheduler, moved));
  }

  /**
   * One connection to be.
   *
   * @param made told of the connection's channel, and of each that follows it
   */
  ConnectionLane lane(Consumer<Channel> made) {
    ConnectionLane lane =
        new ConnectionLane(
            compass,
            url.forNode(identity.access(), identity.forRedis()),
            questions,
            failures,
            (told, where, replica, failed) ->
                client(share(told.andThen(made), failed), where, replica));
    compass.guide(lane);
    return lane;
  }

  private RedisClient client(
      ClientResources share, Function<RedisURI, Mono<SocketAddress>> where, Runnable replica) {
    RedisClient client = new LocatedClient(share, url.uri(), where, replica);
    client.setOptions(options(settings, identity));
    clients.add(client);
    return client;
  }

  /** Told why Redis refuses something. */
  FailureLog failures() {
    return failures;
  }

  /** Where the connections go. */
  Compass compass() {
    return compass;
  }

  LinkSettings settings() {
    return settings;
  }

  /** Closes the sockets: half-open ones are found out, and the master is resolved again. */
  void drop() {
    compass.dropAll();
  }

  /** Begins by itself; the result need not be subscribed. */
  Mono<Void> shutdown() {
    compass.close();
    Sinks.Empty<Void> gone = Sinks.empty();
    // One after the other: they share their threads, and the lock around them.
    CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);
    for (RedisClient client : clients) {
      ended =
          ended
              .exceptionally(error -> null)
              .thenComposeAsync(
                  done -> client.shutdownAsync(0, 1, TimeUnit.SECONDS), Ending.EXECUTOR);
    }
    ended.whenCompleteAsync(
        (done, error) -> {
          compass.end();
          shares.forEach(share -> share.shutdown(0, 1, TimeUnit.SECONDS));
          if (ownThreads) {
            threads
                .shutdown(0, 1, TimeUnit.SECONDS)
                .addListener(end -> gone.tryEmitEmpty()); // the only emission
          } else {
            gone.tryEmitEmpty(); // likewise
          }
        },
        Ending.EXECUTOR);
    return gone.asMono();
  }

  private ClientResources share(Consumer<Channel> made, Consumer<Throwable> failed) {
    ClientResources share =
        ClientResources.builder()
            .eventLoopGroupProvider(threads.eventLoopGroupProvider())
            .eventExecutorGroup(threads.eventExecutorGroup())
            .timer(threads.timer())
            .eventBus(new Reconnections(failed))
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .reconnectDelay(
                () ->
                    Delay.fullJitter(
                        settings.reconnectMin(), settings.reconnectMax(), 2, TimeUnit.MILLISECONDS))
            .nettyCustomizer(
                new NettyCustomizer() {
                  @Override
                  public void afterChannelInitialized(Channel channel) {
                    channel.pipeline().addFirst(new FlushConsolidationHandler(FLUSH_EVERY, true));
                    made.accept(channel);
                  }
                })
            .build();
    shares.add(share);
    return share;
  }

  private static ClientOptions options(LinkSettings settings, Identity identity) {
    return ClientOptions.builder()
        .autoReconnect(true)
        // What is in flight when a connection breaks fails as unknown. Lettuce's own repetition was
        // seen to execute commands twice; ours carries the same request id.
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
        // Ours is smaller and refuses by name; this one would call an overload a broken connection.
        .requestQueueSize(2 * settings.requestQueue())
        .socketOptions(
            SocketOptions.builder().connectTimeout(settings.handshake()).keepAlive(true).build())
        .sslOptions(identity.ssl(settings.handshake()))
        .build();
  }
}
