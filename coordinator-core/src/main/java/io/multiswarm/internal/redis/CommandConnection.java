package io.multiswarm.internal.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** One connection for commands, and whether it is up. */
final class CommandConnection {

  /**
   * What hangs on a command.
   *
   * @param vital see {@link Script#isVital}
   * @param lasting see {@link Script#isLasting}
   */
  record Weight(boolean vital, boolean lasting) {
    static final Weight READ = new Weight(false, false);

    static Weight of(Script script) {
      return new Weight(script.isVital(), script.isLasting());
    }
  }

  private final ConnectionState state;
  private final CommandsInFlight inFlight;
  private final @Nullable Commits commits;
  private final Disposable looks;
  private final Mono<StatefulRedisConnection<String, byte[]>> connecting;
  private volatile @Nullable StatefulRedisConnection<String, byte[]> connection;
  private volatile @Nullable Channel channel;

  /**
   * @param suspect told when the connection seems half-open
   */
  CommandConnection(
      RedisConnections connections,
      LinkSettings settings,
      Scheduler scheduler,
      Consumer<String> suspect) {
    ConnectionLane lane = connections.lane(made -> channel = made);
    this.state = new ConnectionState(scheduler);
    this.inFlight = new CommandsInFlight(settings, suspect, this::afterReading);
    this.commits =
        settings.replicas() == 0
            ? null
            : new Commits(settings, inFlight, () -> channel, this::awaitReplicas);
    this.looks =
        Flux.interval(CommandsInFlight.LOOK_INTERVAL, scheduler)
            .onBackpressureDrop()
            .subscribe(tick -> inFlight.look());
    this.connecting =
        state.untilMade(
            settings,
            () ->
                lane.connect()
                    .thenApply(
                        made -> {
                          made.addListener(state);
                          preload(made.async());
                          connection = made;
                          return made;
                        }));
  }

  /**
   * So that the first calls do not each send their script's text. Ahead of them on the connection;
   * if it fails, or Redis forgets, they send it after all. It is most of a megabyte: while a busy
   * Redis takes it in, the calls behind it wait, and the connection does not stall.
   */
  @SuppressWarnings("FutureReturnValueIgnored")
  private void preload(RedisAsyncCommands<String, byte[]> redis) {
    for (Script script : Script.values()) {
      redis.scriptLoad(script.source()).whenComplete((sha, error) -> inFlight.progressed());
    }
  }

  Mono<Void> connect() {
    return connecting.then();
  }

  @Nullable RedisAsyncCommands<String, byte[]> commandsOrNull() {
    StatefulRedisConnection<String, byte[]> made = connection;
    return made == null ? null : made.async();
  }

  private CompletionStage<Long> awaitReplicas(int replicas, Duration limit) {
    RedisAsyncCommands<String, byte[]> redis = commandsOrNull();
    return redis == null
        ? CompletableFuture.failedStage(new RedisException("not connected"))
        : redis.waitForReplication(replicas, limit.toMillis());
  }

  /**
   * Sends a command and waits for its answer, or for the judgement that none comes; and for the
   * replicas, where the answer is a promise.
   */
  <T> Mono<T> send(
      RedisAsyncCommands<String, byte[]> redis,
      Function<RedisAsyncCommands<String, byte[]>, CompletionStage<T>> command,
      Weight weight) {
    return Mono.create(
        sink -> {
          inFlight.add(sink, weight.vital()); // a refusal becomes the Mono's error
          inOrder(
              () -> {
                try {
                  if (commits == null) {
                    Callbacks.into(sink, command.apply(redis), inFlight);
                  } else {
                    commits.into(sink, () -> command.apply(redis), weight.lasting());
                  }
                } catch (RuntimeException | Error e) {
                  // On the event loop nobody else would tell the caller.
                  inFlight.failed(sink);
                  sink.error(e);
                }
              });
        });
  }

  /**
   * Netty writes at once what comes from the connection's own thread, and queues what comes from
   * others: the one would overtake the other. Queued like the rest, commands leave in the order in
   * which they were sent, whatever thread sent them.
   */
  private void inOrder(Runnable send) {
    Channel current = channel;
    if (current != null && current.eventLoop().inEventLoop()) {
      current.eventLoop().execute(send);
    } else {
      send.run();
    }
  }

  private void afterReading(Runnable act) {
    Channel current = channel;
    if (current == null || current.eventLoop().isShuttingDown()) {
      act.run();
    } else {
      afterReading(current.eventLoop(), act);
    }
  }

  /**
   * A loop reads its sockets and runs what it was given, in turns. What is given to it while it
   * runs belongs to the same turn, before the next reading; what it schedules itself does not.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // who acts tells of its failures itself
  static void afterReading(EventLoop loop, Runnable act) {
    loop.execute(() -> loop.schedule(act, 0, TimeUnit.NANOSECONDS));
  }

  void close() {
    looks.dispose();
    state.close();
  }

  boolean isUp() {
    return state.isUp();
  }

  boolean isDownFor(Duration time) {
    return state.isDownFor(time);
  }
}
