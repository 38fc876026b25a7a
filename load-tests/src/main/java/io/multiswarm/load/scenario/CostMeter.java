package io.multiswarm.load.scenario;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What a run costs: CPU time of the harness, of the servers when they are our children, and of
 * Redis when it is known, of each shard of it; and the commands that Redis runs. Unlike times,
 * these hardly depend on what else the machine does.
 */
public final class CostMeter {

  private static final double MICROS = TimeUnit.SECONDS.toMicros(1);

  /** A command that is run less often than once in so many things is not worth a row. */
  private static final double RARE = 0.01;

  private static final List<String> SCRIPT_CALLS = List.of("evalsha", "eval");

  private final ScenarioContext context;
  private final Duration harness;
  private final List<Duration> servers;
  private final List<RedisInfo> redis;

  private CostMeter(ScenarioContext context, List<RedisInfo> redis) {
    this.context = context;
    this.harness = used(ProcessHandle.current());
    this.servers = context.target().processes().stream().map(CostMeter::used).toList();
    this.redis = redis;
  }

  public static Mono<CostMeter> start(ScenarioContext context) {
    return told(context).map(told -> new CostMeter(context, told));
  }

  private static Mono<List<RedisInfo>> told(ScenarioContext context) {
    return Flux.fromIterable(context.target().shards()).concatMap(RedisInfo::of, 1).collectList();
  }

  private static Duration used(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /**
   * What one thing cost.
   *
   * @param micros of CPU time, by process; of several servers or shards all of them, then each
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
    return told(context).map(now -> costs(now, things));
  }

  private Costs costs(List<RedisInfo> now, double things) {
    Map<String, Double> shares = shares(now, things);
    return new Costs(
        micros(now, things),
        frequent(shares),
        shares.values().stream().mapToDouble(share -> share).sum(),
        SCRIPT_CALLS.stream().mapToDouble(name -> shares.getOrDefault(name, 0.0)).sum());
  }

  private Map<String, Double> micros(List<RedisInfo> now, double things) {
    Map<String, Double> micros = new LinkedHashMap<>();
    micros.put("harness", seconds(used(ProcessHandle.current()).minus(harness)) * MICROS / things);
    List<ProcessHandle> processes = context.target().processes();
    add(
        "server",
        servers.size(),
        i -> seconds(used(processes.get(i)).minus(servers.get(i))) * MICROS / things,
        micros);
    add(
        "redis",
        redis.size(),
        i -> (now.get(i).cpuSeconds() - redis.get(i).cpuSeconds()) * MICROS / things,
        micros);
    return micros;
  }

  private static void add(
      String part, int count, IntToDoubleFunction each, Map<String, Double> micros) {
    if (count > 0) {
      micros.put(part, IntStream.range(0, count).mapToDouble(each).sum());
    }
    for (int i = 0; i < count && count > 1; i++) {
      micros.put(part + " " + (i + 1), each.applyAsDouble(i));
    }
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / (double) TimeUnit.SECONDS.toNanos(1);
  }

  private Map<String, Double> shares(List<RedisInfo> now, double things) {
    Map<String, Long> before = RedisInfo.together(redis).commands();
    Map<String, Double> shares = new TreeMap<>();
    RedisInfo.together(now)
        .commands()
        .forEach(
            (name, calls) -> shares.put(name, (calls - before.getOrDefault(name, 0L)) / things));
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
