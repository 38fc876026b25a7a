package io.multiswarm.load.scenario;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;

/**
 * What a run costs: CPU time of the harness, of the server when it is our child, and of Redis when
 * it is known; and the commands that Redis runs. Unlike times, these hardly depend on what else the
 * machine does.
 */
public final class CostMeter {

  private static final double MICROS = TimeUnit.SECONDS.toMicros(1);

  /** A command that is run less often than once in so many things is not worth a row. */
  private static final double RARE = 0.01;

  private static final List<String> SCRIPT_CALLS = List.of("evalsha", "eval");

  private final ScenarioContext context;
  private final Duration harness;
  private final Duration server;
  private final RedisInfo redis;

  private CostMeter(ScenarioContext context, RedisInfo redis) {
    this.context = context;
    this.harness = used(ProcessHandle.current());
    this.server = context.server().map(CostMeter::used).orElse(Duration.ZERO);
    this.redis = redis;
  }

  public static Mono<CostMeter> start(ScenarioContext context) {
    return redisInfo(context.redis()).map(info -> new CostMeter(context, info));
  }

  private static Mono<RedisInfo> redisInfo(Optional<URI> redis) {
    return redis.map(RedisInfo::of).orElseGet(() -> Mono.just(RedisInfo.NONE));
  }

  private static Duration used(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /**
   * What one thing cost.
   *
   * @param micros of CPU time, by process
   * @param commands of Redis, the most frequent first, without the rare ones
   * @param allCommands of Redis, inside scripts too
   * @param roundTrips to Redis: its calls of scripts, beside which the library does next to nothing
   */
  public record Costs(
      Map<String, Double> micros,
      Map<String, Double> commands,
      double allCommands,
      double roundTrips) {}

  /** What was used since the start, divided among {@code count} things. */
  public Mono<Costs> perThing(long count) {
    double things = Math.max(1, count);
    return redisInfo(context.redis()).map(now -> costs(now, things));
  }

  private Costs costs(RedisInfo now, double things) {
    Map<String, Double> shares = shares(now, things);
    return new Costs(
        micros(now, things),
        frequent(shares),
        shares.values().stream().mapToDouble(share -> share).sum(),
        SCRIPT_CALLS.stream().mapToDouble(name -> shares.getOrDefault(name, 0.0)).sum());
  }

  private Map<String, Double> micros(RedisInfo now, double things) {
    Map<String, Double> micros = new LinkedHashMap<>();
    micros.put("harness", seconds(used(ProcessHandle.current()).minus(harness)) * MICROS / things);
    context
        .server()
        .ifPresent(
            process ->
                micros.put("server", seconds(used(process).minus(server)) * MICROS / things));
    if (context.redis().isPresent()) {
      micros.put("redis", (now.cpuSeconds() - redis.cpuSeconds()) * MICROS / things);
    }
    return micros;
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / (double) TimeUnit.SECONDS.toNanos(1);
  }

  private Map<String, Double> shares(RedisInfo now, double things) {
    Map<String, Double> shares = new TreeMap<>();
    now.commands()
        .forEach(
            (name, calls) ->
                shares.put(name, (calls - redis.commands().getOrDefault(name, 0L)) / things));
    return shares;
  }

  private static Map<String, Double> frequent(Map<String, Double> shares) {
    Map<String, Double> sorted = new LinkedHashMap<>();
    shares.entrySet().stream()
        .filter(share -> share.getValue() >= RARE)
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .forEach(share -> sorted.put(share.getKey(), share.getValue()));
    return sorted;
  }
}
