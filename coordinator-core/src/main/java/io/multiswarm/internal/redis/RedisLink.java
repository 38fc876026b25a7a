package io.multiswarm.internal.redis;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.resource.ClientResources;
import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.common.RedisAccess;
import io.multiswarm.health.RedisFindings;
import io.multiswarm.internal.redis.CommandConnection.Weight;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The process's road to Redis: one connection for commands, one for election and liveness, one for
 * subscriptions, however many swarms it carries.
 *
 * <p><b>Errors.</b> Every Mono ends with a {@link CoordinationException}: {@code UNAVAILABLE} while
 * Redis does not answer (within the command timeout, at once while it is known to be away), {@code
 * RESOURCE_EXHAUSTED} when its memory is full or too much is under way already, {@code INTERNAL}
 * for a defect.
 *
 * <p><b>Repetition.</b> A call that met a broken connection is sent again for {@link
 * LinkSettings#repeatFor}. It may have run already, so each script that adds or counts takes an id.
 * A call that timed out is not repeated here: its time is over.
 *
 * <p><b>Replicas.</b> Where {@link LinkSettings#replicas} says so, what changes something is
 * answered when they have it; see {@link Commits}.
 *
 * <p><b>Threading.</b> Results arrive on the connection's event loop, in the order of the calls.
 */
public final class RedisLink {

  private static final Logger log = LoggerFactory.getLogger(RedisLink.class);
  private static final byte[] CANARY = {'1'};
  private static final Duration REPEAT_PAUSE = Duration.ofMillis(20);

  /** A replica that is named for a master says so to every write. */
  private static final Duration BETWEEN_DROPS = Duration.ofSeconds(2);

  /** Redis may be away when a node starts; an operator hears of it once that is no hiccup. */
  private static final Duration LATE = Duration.ofSeconds(5);

  private final RedisUrl url;
  private final FleetKeys fleet;
  private final LinkSettings settings;
  private final Scheduler scheduler;
  private final RedisConnections connections;
  private final CommandConnection commands;
  private final CommandConnection control;
  private final Subscriptions subscriptions;
  private final FailureLog failures;
  private final AtomicLong droppedAt;
  private volatile boolean closed;
  private volatile @Nullable CoordinationException refusal;

  private RedisLink(
      RedisUrl url,
      RedisAccess access,
      LinkSettings settings,
      Scheduler scheduler,
      @Nullable ClientResources threads) {
    Script.load();
    this.url = url;
    this.fleet = new FleetKeys(url.uri().getDatabase());
    this.settings = settings;
    this.scheduler = scheduler;
    this.droppedAt =
        new AtomicLong(scheduler.now(TimeUnit.MILLISECONDS) - BETWEEN_DROPS.toMillis());
    this.connections = new RedisConnections(url, access, fleet, settings, scheduler, threads);
    this.commands = new CommandConnection(connections, settings, scheduler, this::suspect);
    this.control =
        new CommandConnection(connections, settings.forControl(), scheduler, this::suspect);
    this.failures = connections.failures();
    this.subscriptions =
        new Subscriptions(
            connections,
            scheduler,
            this::suspect,
            error -> note("SUBSCRIBE", RedisFailure.of(error), error));
  }

  /**
   * Begins to connect and returns at once; {@link #connected} tells when it is done.
   *
   * @param uri anything that Lettuce understands: {@code redis://}, {@code rediss://}, {@code
   *     redis-sentinel://}; of several hosts any may be away
   * @param scheduler for pauses and probes
   */
  public static RedisLink open(String uri, LinkSettings settings, Scheduler scheduler) {
    return open(uri, RedisAccess.defaults(), settings, scheduler, null);
  }

  /**
   * @param access asked with each connection
   * @param threads whose event loops and timer are used and left running; null for own ones
   */
  public static RedisLink open(
      String uri,
      RedisAccess access,
      LinkSettings settings,
      Scheduler scheduler,
      @Nullable ClientResources threads) {
    return new RedisLink(
        RedisUrl.parse(uri, settings.handshake()), access, settings, scheduler, threads);
  }

  /**
   * The names of the fleet that this link is for; asked for before {@link #connected}. In a cluster
   * the link leads to the server that has them.
   */
  public Keys keys(String fleetName) {
    return fleet.of(fleetName);
  }

  /**
   * Completes when all three connections have been made once; retries until then. Fails with {@code
   * UNAVAILABLE} when the configuration is wrong (password, permission), which no repetition cures.
   */
  public Mono<Void> connected() {
    return Mono.using(
            this::complainWhenLate,
            complaint -> Mono.when(commands.connect(), control.connect(), subscriptions.connect()),
            Disposable::dispose)
        .onErrorMap(error -> RedisFailure.translate("connect", error))
        .doOnError(CoordinationException.class, refused -> refusal = refused);
  }

  private Disposable complainWhenLate() {
    return Mono.delay(LATE, scheduler)
        .subscribe(late -> log.warn("Waiting for Redis at {}{}", url, because()));
  }

  private String because() {
    String known = trouble();
    return known == null ? "" : ": " + known;
  }

  /** Why a connection is not there; null when all are, and before an attempt has failed. */
  public @Nullable String trouble() {
    return connections.compass().trouble();
  }

  /** Whether all three connections are up at the moment, and all that is wanted is subscribed. */
  public boolean isUp() {
    return commands.isUp() && control.isUp() && subscriptions.isUp();
  }

  /** Why not all connections are up; empty when they are. */
  public Optional<String> disconnection() {
    if (isUp()) {
      return Optional.empty();
    }
    String known = trouble();
    return Optional.of(known == null ? "a connection is down" : known);
  }

  /** The subscriptions of the process. */
  public Subscriptions subscriptions() {
    return subscriptions;
  }

  /** Whether a call failed because Redis has no memory for what it was to write. */
  public static boolean isOutOfMemory(Throwable error) {
    Throwable cause = error.getCause();
    return cause != null && RedisFailure.of(cause) == RedisFailure.OUT_OF_MEMORY;
  }

  /** Whether a call failed because this node may not make it, here or at all. */
  public static boolean isDenied(Throwable error) {
    return RedisFailure.isDenied(error);
  }

  /** Plain reads, on the connection for commands. */
  public RedisReads reads() {
    return new RedisReads(this);
  }

  /**
   * Proves that Redis takes writes, by writing a key that expires by itself.
   *
   * @param key of this node alone
   */
  public Mono<Void> writeCanary(String key, Duration ttl) {
    return set(key, redis -> redis.psetex(key, ttl.toMillis(), CANARY)).then();
  }

  /** Sets a key unless it is there; gives what it has then. */
  public Mono<String> keep(String key, String text) {
    byte[] value = text.getBytes(StandardCharsets.UTF_8);
    return reads()
        .getText(key)
        .switchIfEmpty(
            set(key, redis -> redis.set(key, value, SetArgs.Builder.nx()))
                .then(reads().getText(key)));
  }

  private Mono<String> set(
      String key, Function<RedisAsyncCommands<String, byte[]>, CompletionStage<String>> command) {
    return perform(new Attempted<>("SET " + key, commands, command, new Weight(true, true)));
  }

  /** Publishes a message that no script needs to make; to nobody is no error. */
  public Mono<Void> publish(String channel, byte[] message) {
    return read("PUBLISH " + channel, redis -> redis.publish(channel, message)).then();
  }

  /** Runs a script; cold, and each subscription is one call. */
  public Mono<ScriptReply> run(ScriptCall call) {
    CommandConnection lane = call.script().lane() == ConnectionRole.CONTROL ? control : commands;
    Attempted<List<@Nullable Object>> attempted =
        new Attempted<>(call, lane, redis -> evaluate(redis, call), Weight.of(call.script()));
    return perform(attempted).map(ScriptReply::new);
  }

  /** For calls whose order outlasts a broken connection. */
  public OrderedCalls ordered() {
    return new OrderedCalls(this, scheduler);
  }

  /**
   * As {@link #run}, on the connection for commands and never repeated; errors as they came.
   *
   * @param withText whether the script's text is sent; else it is an error that Redis forgot it,
   *     because what is sent meanwhile would overtake the call that follows with the text
   */
  Mono<ScriptReply> once(ScriptCall call, boolean withText) {
    RedisAsyncCommands<String, byte[]> redis = closed ? null : commands.commandsOrNull();
    return redis == null
        ? Mono.error(notConnected())
        : commands
            .send(
                redis,
                up -> withText ? byText(up, call) : bySha(up, call),
                Weight.of(call.script()))
            .map(ScriptReply::new);
  }

  /** Whether the error of {@link #once} calls for a repetition. */
  boolean mayRepeatCommand(Throwable error, long began) {
    RedisFailure failure = RedisFailure.of(error);
    note("a script", failure, error);
    return mayRepeat(failure, commands, began);
  }

  /** Tries what a node needs of this Redis; cold, and each subscription is one look. */
  public Mono<RedisFindings> probe(Keys keys, String nodeId) {
    return Mono.defer(() -> new RedisProbe(this, subscriptions, keys, nodeId).look());
  }

  /** Tells the log why Redis is of no use: a line for each reason, then how often it came again. */
  public void tell(String reason) {
    failures.met(reason);
  }

  /** One command, once: errors as they came, and nothing follows from them. */
  <T> Mono<T> ask(Function<RedisAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
    return Mono.defer(
        () -> {
          RedisAsyncCommands<String, byte[]> redis = closed ? null : commands.commandsOrNull();
          return redis == null
              ? Mono.error(notConnected())
              : commands.send(redis, command, Weight.READ);
        });
  }

  LinkSettings settings() {
    return settings;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  <T> Mono<T> read(
      String what, Function<RedisAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
    return perform(new Attempted<>(what, commands, command, Weight.READ));
  }

  /** As {@link #read}, of what a node can do without: a refusal is no news for the log. */
  <T> Mono<T> readIfPermitted(
      String what, Function<RedisAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
    return ask(command)
        .onErrorResume(
            error ->
                RedisFailure.isDenied(error)
                    ? Mono.error(RedisFailure.translate(what, error))
                    : read(what, command));
  }

  /**
   * A call that may be sent several times.
   *
   * @param what for the text of errors
   */
  private record Attempted<T>(
      Object what,
      CommandConnection lane,
      Function<RedisAsyncCommands<String, byte[]>, CompletionStage<T>> command,
      Weight weight) {}

  private <T> Mono<T> perform(Attempted<T> call) {
    return Mono.defer(() -> attempt(call, scheduler.now(TimeUnit.MILLISECONDS)));
  }

  private <T> Mono<T> attempt(Attempted<T> call, long began) {
    RedisAsyncCommands<String, byte[]> redis = closed ? null : call.lane().commandsOrNull();
    Mono<T> once =
        redis == null
            ? Mono.error(this::notConnected)
            : call.lane().send(redis, call.command(), call.weight());
    return once.onErrorResume(
        error -> {
          RedisFailure failure = RedisFailure.of(error);
          note(call.what(), failure, error);
          return mayRepeat(failure, call.lane(), began)
              ? Mono.delay(REPEAT_PAUSE, scheduler).then(Mono.defer(() -> attempt(call, began)))
              : Mono.error(RedisFailure.translate(call.what(), error));
        });
  }

  private boolean mayRepeat(RedisFailure failure, CommandConnection lane, long began) {
    if (failure == RedisFailure.FORGOTTEN) {
      return !closed; // once: with its text it is not forgotten
    }
    long elapsed = scheduler.now(TimeUnit.MILLISECONDS) - began;
    return !closed
        && failure.repeatable()
        && elapsed < settings.repeatFor().toMillis()
        && !lane.isDownFor(settings.repeatFor());
  }

  /** All that is under way on the connections is told so: they are dropped once. */
  private void note(Object what, RedisFailure failure, Throwable error) {
    if (failure.isRefusal()) {
      failures.met(String.valueOf(RedisFailure.translate(what, error).getMessage()));
    }
    long now = scheduler.now(TimeUnit.MILLISECONDS);
    long before = droppedAt.get();
    if (failure.wantsAnotherOwner()) {
      connections.compass().recheck("it says " + failure);
    }
    if (failure.wantsAnotherMaster()
        && now - before >= BETWEEN_DROPS.toMillis()
        && droppedAt.compareAndSet(before, now)) {
      suspect("this Redis takes no writes: " + failure);
    }
  }

  private void suspect(String reason) {
    log.info("Dropping the connections to Redis to make them anew: {}", reason);
    connections.drop();
  }

  private static CompletionStage<List<@Nullable Object>> evaluate(
      RedisAsyncCommands<String, byte[]> redis, ScriptCall call) {
    return bySha(redis, call)
        .exceptionallyCompose(
            error ->
                RedisFailure.of(error) == RedisFailure.FORGOTTEN
                    ? byText(redis, call)
                    : java.util.concurrent.CompletableFuture.failedStage(error));
  }

  private static CompletionStage<List<@Nullable Object>> bySha(
      RedisAsyncCommands<String, byte[]> redis, ScriptCall call) {
    return redis.evalsha(
        call.script().sha1(), ScriptOutputType.MULTI, call.keyArray(), call.argArray());
  }

  private static CompletionStage<List<@Nullable Object>> byText(
      RedisAsyncCommands<String, byte[]> redis, ScriptCall call) {
    return redis.eval(
        call.script().source(), ScriptOutputType.MULTI, call.keyArray(), call.argArray());
  }

  /** Whether the node was shut down. */
  public boolean isClosed() {
    return closed;
  }

  /** What every call fails with from then on. */
  public static CoordinationException shutDown() {
    return new CoordinationException(
        ErrorCode.FAILED_PRECONDITION, "this node was shut down; connect another one");
  }

  private CoordinationException notConnected() {
    if (closed) {
      return shutDown();
    }
    CoordinationException refused = refusal;
    if (refused != null) {
      return refused;
    }
    return CoordinationException.of(ErrorCode.UNAVAILABLE, "Redis is not connected yet; try again")
        .retryAfter(Duration.ofMillis(500));
  }

  /**
   * Closes the connections at once; calls under way fail and are not repeated. The result tells
   * when everything is gone, and need not be subscribed.
   */
  public Mono<Void> close() {
    closed = true;
    commands.close();
    control.close();
    subscriptions.close();
    return connections.shutdown();
  }
}
