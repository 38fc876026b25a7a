package io.multiswarm.internal.redis;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.multiswarm.common.CoordinationException;
import io.multiswarm.common.ErrorCode;
import io.multiswarm.health.RedisFindings;
import io.multiswarm.internal.needs.FindingsBuilder;
import io.multiswarm.internal.needs.NeededCommand;
import io.multiswarm.internal.needs.NeededCommand.Use;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Tries once all that traffic needs: a script by its text and by its name, every command that
 * scripts run, messages and subscriptions on each kind of channel. Leaves nothing behind but a key
 * that goes by itself.
 *
 * <p>About ten commands, so that it can be done again after each reconnection. Nothing of it is
 * repeated, and no connection is dropped for what it finds.
 */
final class RedisProbe {

  private static final Duration LIMIT = Duration.ofSeconds(5);

  private static final List<NeededCommand> IN_SCRIPTS =
      Arrays.stream(NeededCommand.values()).filter(command -> command.use() == Use.SCRIPT).toList();

  private final RedisLink link;
  private final Subscriptions subscriptions;
  private final Keys keys;
  private final String nodeId;

  RedisProbe(RedisLink link, Subscriptions subscriptions, Keys keys, String nodeId) {
    this.link = link;
    this.subscriptions = subscriptions;
    this.keys = keys;
    this.nodeId = nodeId;
  }

  /** Fails with {@code UNAVAILABLE} when Redis does not answer, or not about what was asked. */
  Mono<RedisFindings> look() {
    return hello()
        .flatMap(this::look)
        .timeout(LIMIT, Mono.error(RedisProbe::silent), link.scheduler())
        .onErrorMap(error -> RedisFailure.translate("probing Redis", error));
  }

  /** After the first answer, for it is then known whether Redis is a cluster, and so the names. */
  private Mono<RedisFindings> look(Map<String, String> hello) {
    FindingsBuilder found = new FindingsBuilder(keys.pattern());
    found.hello(hello);
    return user()
        .doOnNext(found::user)
        .then(Mono.defer(() -> found.isOfNoUse() ? Mono.empty() : everything(found)))
        .then(Mono.defer(() -> found.wantsInfo() ? info(found) : Mono.empty()))
        .then(Mono.fromSupplier(found::build));
  }

  private Mono<Void> everything(FindingsBuilder found) {
    return Flux.concat(
            attempt(found, NeededCommand.EVAL, redis -> script(redis, true))
                .doOnNext(reply -> told(found, reply))
                .then(),
            attempt(found, NeededCommand.EVALSHA, redis -> script(redis, false)).then(),
            attempt(found, NeededCommand.SCRIPT_LOAD, redis -> redis.scriptLoad(text())).then(),
            attempt(found, NeededCommand.INFO, redis -> redis.info("server"))
                .doOnNext(told -> found.info(RedisReads.facts(told)))
                .then(),
            attempt(found, NeededCommand.PUBSUB_NUMSUB, redis -> redis.pubsubNumsub("x")).then(),
            attempt(found, NeededCommand.PUBSUB_NUMPAT, RedisAsyncCommands::pubsubNumpat).then(),
            replication(found),
            Flux.fromIterable(channels()).concatMap(channel -> channel(found, channel)).then())
        .then();
  }

  /** Of none that has to confirm, so that it only shows whether it may be asked. */
  private Mono<Void> replication(FindingsBuilder found) {
    return link.settings().replicas() == 0
        ? Mono.empty()
        : attempt(found, NeededCommand.WAIT, redis -> redis.waitForReplication(0, 1)).then();
  }

  /** One of each kind: of all nodes, of one node, of swarms. */
  private List<String> channels() {
    return List.of(
        keys.signals(), keys.nodeSignals("probe-" + nodeId), keys.channel("swarm:probe-" + nodeId));
  }

  private Mono<Void> channel(FindingsBuilder found, String channel) {
    byte[] nothing = "probe".getBytes(StandardCharsets.UTF_8);
    return attempt(found, NeededCommand.PUBLISH, redis -> redis.publish(channel, nothing))
        .then(noting(found, NeededCommand.SUBSCRIBE, subscriptions.attempt(channel)));
  }

  /** Empty when it is refused, which is noted. */
  private <T> Mono<T> attempt(
      FindingsBuilder found,
      NeededCommand command,
      Function<RedisAsyncCommands<String, byte[]>, CompletionStage<T>> call) {
    return noting(found, command, link.ask(call));
  }

  private static <T> Mono<T> noting(FindingsBuilder found, NeededCommand command, Mono<T> call) {
    return call.onErrorResume(
        error -> noted(found, command, error) ? Mono.empty() : Mono.error(error));
  }

  /** Returns whether the error is the answer to what the probe asks. */
  private static boolean noted(FindingsBuilder found, NeededCommand command, Throwable error) {
    Throwable told = RedisFailure.told(error);
    return told != null && noted(found, command, RedisFailure.words(told));
  }

  private static boolean noted(FindingsBuilder found, NeededCommand command, String words) {
    switch (RedisFailure.byText(words)) {
      case PERMISSION, MISSING -> found.refused(command, words);
      case READ_ONLY -> found.replica();
      default -> {
        return false;
      }
    }
    return true;
  }

  private CompletionStage<List<@Nullable Object>> script(
      RedisAsyncCommands<String, byte[]> redis, boolean byText) {
    String[] both = {keys.sys("probe", nodeId), keys.roster()};
    byte[][] calls =
        IN_SCRIPTS.stream()
            .map(command -> command.call().getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    return byText
        ? redis.eval(text(), ScriptOutputType.MULTI, both, calls)
        : redis.evalsha(Script.REDIS_PROBE.sha1(), ScriptOutputType.MULTI, both, calls);
  }

  private static String text() {
    return Script.REDIS_PROBE.source();
  }

  private static void told(FindingsBuilder found, List<@Nullable Object> reply) {
    Failed.from(new ScriptReply(reply))
        .forEach(failed -> noted(found, IN_SCRIPTS.get(failed.index()), failed.error()));
  }

  @ReplyOf(Script.REDIS_PROBE)
  private record Failed(int index, String error) {

    static List<Failed> from(ScriptReply reply) {
      List<Failed> failed = new ArrayList<>();
      for (int i = 0; i + 1 < reply.size(); i += 2) {
        failed.add(new Failed((int) reply.number(i) - 1, reply.string(i + 1)));
      }
      return failed;
    }
  }

  /** What the server tells of itself; empty when it does not. */
  private Mono<Map<String, String>> hello() {
    return link.ask(
            redis ->
                redis.dispatch(
                    CommandType.HELLO,
                    new NestedMultiOutput<>(RedisConnections.CODEC),
                    new CommandArgs<>(RedisConnections.CODEC)))
        .map(RedisProbe::facts)
        .onErrorResume(RedisFailure::isDenied, refused -> Mono.just(Map.of()));
  }

  private static Map<String, String> facts(List<Object> told) {
    Map<String, String> facts = new HashMap<>();
    for (int i = 0; i + 1 < told.size(); i += 2) {
      facts.put(text(told.get(i)), text(told.get(i + 1)));
    }
    return facts;
  }

  private static String text(Object item) {
    return item instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.UTF_8)
        : Objects.toString(item);
  }

  private Mono<String> user() {
    return link.ask(RedisAsyncCommands::aclWhoami)
        .onErrorResume(RedisFailure::isDenied, refused -> Mono.just(""));
  }

  private Mono<Void> info(FindingsBuilder found) {
    return link.ask(redis -> redis.info("replication"))
        .doOnNext(told -> found.info(RedisReads.facts(told)))
        .onErrorResume(RedisFailure::isDenied, refused -> Mono.empty())
        .then();
  }

  private static CoordinationException silent() {
    return CoordinationException.of(ErrorCode.UNAVAILABLE, "Redis did not answer a probe in time")
        .retryAfter(Duration.ofMillis(500));
  }
}
