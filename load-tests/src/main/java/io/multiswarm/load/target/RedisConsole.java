package io.multiswarm.load.target;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Commands to single processes of Redis, each on a connection of its own. */
final class RedisConsole {

  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
  private static final Duration LOOK_CLOSELY = Duration.ofMillis(20);
  private static final Pattern SCRIPTS = Pattern.compile("cmdstat_evalsha:calls=(\\d+)");
  private static final Duration STILL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final RedisClient client = RedisClient.create();
  private final Scheduler clock;

  RedisConsole(Scheduler clock) {
    this.clock = clock;
  }

  /** What a process answers. */
  <T> Mono<T> ask(
      RedisServerProcess process,
      Function<RedisAsyncCommands<String, String>, CompletionStage<T>> question) {
    return Mono.usingWhen(
            Mono.fromCompletionStage(() -> client.connectAsync(StringCodec.UTF8, at(process))),
            connection -> Mono.fromCompletionStage(() -> question.apply(connection.async())),
            connection -> Mono.fromCompletionStage(connection::closeAsync))
        .timeout(ANSWER, clock);
  }

  /** Whose answer is {@code OK}. */
  Mono<String> order(RedisServerProcess process, CommandType command, String... arguments) {
    return ask(
        process,
        commands -> {
          var all = new CommandArgs<>(StringCodec.UTF8);
          for (String argument : arguments) {
            all.add(argument);
          }
          return commands.dispatch(command, new StatusOutput<>(StringCodec.UTF8), all);
        });
  }

  /** Nothing is written for a moment, and what was written is on its way to the replicas. */
  Mono<Void> stopWrites(RedisServerProcess process) {
    return order(process, CommandType.CLIENT, "PAUSE", "5000", "WRITE")
        .then(Mono.delay(STILL, clock))
        .then();
  }

  /** What a Sentinel knows of a master. */
  Mono<Map<String, String>> askSentinel(RedisServerProcess sentinel, String master) {
    return Mono.usingWhen(
            Mono.fromCompletionStage(
                () -> client.connectSentinelAsync(StringCodec.UTF8, at(sentinel))),
            connection -> Mono.fromCompletionStage(() -> connection.async().master(master)),
            connection -> Mono.fromCompletionStage(connection::closeAsync))
        .timeout(ANSWER, clock);
  }

  /** Completes when it listens; what is told on the channel is heard until the console ends. */
  Mono<Void> listen(RedisServerProcess process, String channel, Consumer<String> heard) {
    return Mono.fromCompletionStage(() -> client.connectPubSubAsync(StringCodec.UTF8, at(process)))
        .flatMap(
            connection -> {
              connection.addListener(
                  new RedisPubSubAdapter<String, String>() {
                    @Override
                    public void message(String told, String message) {
                      heard.accept(message);
                    }
                  });
              return Mono.fromCompletionStage(connection.async().subscribe(channel));
            });
  }

  /** Completes with the next script that a process runs by itself, not for its master. */
  Mono<Long> nextScript(RedisServerProcess process) {
    Mono<Long> ran =
        ask(process, commands -> commands.info("commandstats")).map(RedisConsole::scripts);
    return ran.flatMap(
        before ->
            ran.filter(now -> now > before)
                .repeatWhenEmpty(looks -> looks.delayElements(LOOK_CLOSELY, clock)));
  }

  private static long scripts(String told) {
    Matcher calls = SCRIPTS.matcher(told);
    return calls.find() ? Long.parseLong(calls.group(1)) : 0;
  }

  /** The part of {@code INFO} about a process's role. */
  Mono<String> replication(RedisServerProcess process) {
    return ask(process, commands -> commands.info("replication"));
  }

  private static RedisURI at(RedisServerProcess process) {
    URI uri = process.uri();
    return RedisURI.create(uri.getHost(), uri.getPort());
  }

  /** Asks until it holds; one that is not answered does not hold. */
  Mono<Void> until(String what, Mono<Boolean> holds) {
    return holds
        .onErrorReturn(false)
        .filter(yes -> yes)
        .repeatWhenEmpty(looks -> looks.delayElements(LOOK_AGAIN, clock))
        .timeout(
            PATIENCE,
            Mono.error(() -> new IllegalStateException("Redis took too long: " + what)),
            clock)
        .then();
  }

  Mono<Void> close() {
    return Mono.fromCompletionStage(client::shutdownAsync);
  }
}
