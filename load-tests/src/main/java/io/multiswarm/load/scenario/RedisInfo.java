package io.multiswarm.load.scenario;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * What Redis says about its own work since it started.
 *
 * @param commands how often each was run, inside scripts too
 * @param cpuSeconds of its main process
 */
record RedisInfo(Map<String, Long> commands, double cpuSeconds) {

  private static final Pattern CALLS = Pattern.compile("cmdstat_([^:]+):calls=(\\d+)");
  private static final Pattern CPU = Pattern.compile("used_cpu_(?:sys|user):([\\d.]+)");

  static Mono<RedisInfo> of(URI redis) {
    return text(redis).map(RedisInfo::parse);
  }

  /**
   * All that {@code INFO} tells, over a connection of its own. Making one takes a lock that all
   * have in common, so it is done where waiting is allowed.
   */
  public static Mono<String> text(URI redis) {
    return Mono.usingWhen(
            Mono.fromSupplier(RedisClient::create),
            client ->
                Mono.fromCompletionStage(
                        () -> client.connectAsync(StringCodec.UTF8, RedisURI.create(redis)))
                    .map(StatefulRedisConnection::async)
                    .flatMap(commands -> Mono.fromCompletionStage(commands.info("everything"))),
            client -> Mono.fromCompletionStage(client::shutdownAsync))
        .subscribeOn(Schedulers.boundedElastic());
  }

  /** What several say together. */
  static RedisInfo together(List<RedisInfo> all) {
    Map<String, Long> commands = new TreeMap<>();
    all.forEach(
        one -> one.commands.forEach((name, calls) -> commands.merge(name, calls, Long::sum)));
    return new RedisInfo(commands, all.stream().mapToDouble(RedisInfo::cpuSeconds).sum());
  }

  static RedisInfo parse(String info) {
    Map<String, Long> commands = new TreeMap<>();
    CALLS
        .matcher(info)
        .results()
        .forEach(found -> commands.put(found.group(1), Long.parseLong(found.group(2))));
    double cpu = CPU.matcher(info).results().mapToDouble(RedisInfo::seconds).sum();
    return new RedisInfo(commands, cpu);
  }

  private static double seconds(MatchResult found) {
    return Double.parseDouble(found.group(1));
  }
}
