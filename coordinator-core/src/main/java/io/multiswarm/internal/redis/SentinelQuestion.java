package io.multiswarm.internal.redis;

import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.MapOutput;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * Who the master is, as one Sentinel sees it.
 *
 * @param sentinel that is asked
 * @param name of the master
 */
record SentinelQuestion(RedisAddress sentinel, String name) {

  /**
   * @param epoch of the failover that made it the master
   */
  record Answer(RedisAddress master, long epoch) {}

  /** Fails with an {@link Obstacle} when this is no Sentinel, or none that knows the name. */
  CompletionStage<Answer> ask(RedisAsyncCommands<String, String> redis) {
    return redis
        .<Map<String, String>>dispatch(
            CommandType.SENTINEL,
            new MapOutput<>(StringCodec.UTF8),
            words().add("MASTER").add(name))
        .thenApply(SentinelQuestion::answer)
        .exceptionallyCompose(error -> explained(redis, error));
  }

  private static CommandArgs<String, String> words() {
    return new CommandArgs<>(StringCodec.UTF8);
  }

  private static Answer answer(Map<String, String> facts) {
    return new Answer(
        new RedisAddress(
            facts.getOrDefault("ip", ""), Integer.parseInt(facts.getOrDefault("port", "0"))),
        Long.parseLong(facts.getOrDefault("config-epoch", "0")));
  }

  private CompletionStage<Answer> explained(
      RedisAsyncCommands<String, String> redis, Throwable error) {
    if (RedisFailure.of(error) == RedisFailure.MISSING) {
      return CompletableFuture.failedStage(
          new Obstacle(
              sentinel + " is no Sentinel; the address of a Redis begins with redis://", error));
    }
    if (!String.valueOf(error.getMessage()).contains("No such master")) {
      return CompletableFuture.failedStage(error);
    }
    return redis
        .<List<Object>>dispatch(
            CommandType.SENTINEL, new NestedMultiOutput<>(StringCodec.UTF8), words().add("MASTERS"))
        .thenApply(SentinelQuestion::names)
        .exceptionally(refused -> "others")
        .thenCompose(
            names ->
                CompletableFuture.failedStage(
                    new Obstacle(
                        "Sentinel %s knows no master %s; it watches over %s"
                            .formatted(sentinel, name, names.isEmpty() ? "none" : names),
                        error)));
  }

  private static String names(List<Object> masters) {
    return masters.stream()
        .map(facts -> facts instanceof List<?> list ? list : List.of())
        .filter(facts -> facts.indexOf("name") >= 0)
        .map(facts -> String.valueOf(facts.get(facts.indexOf("name") + 1)))
        .limit(10)
        .collect(Collectors.joining(", "));
  }
}
