package io.multiswarm.load.suite;

import io.multiswarm.load.report.Report;
import io.multiswarm.load.scenario.RedisSize;
import io.multiswarm.load.scenario.ScenarioContext;
import io.multiswarm.load.target.ServerHeap;
import java.net.URI;
import java.util.Locale;
import reactor.core.publisher.Mono;

/** What an installation takes at a moment; 0 where the system does not tell. */
record Footprint(RedisSize redis, long heapBytes, long files, long threads) {

  private static final double MEGA = 1 << 20;

  /** Where it is read. */
  record Gauge(ServerHeap server, URI redis) {

    Mono<Footprint> read() {
      return Mono.zip(server.used(), RedisSize.of(redis), server.openFiles(), server.threads())
          .map(all -> new Footprint(all.getT2(), all.getT1(), all.getT3(), all.getT4()));
    }
  }

  void tell(ScenarioContext context) {
    context.tell("heap after a collection, MB", heapBytes / MEGA);
    context.tell("Redis, MB", redis.bytes() / MEGA);
    context.tell("keys of Redis without a TTL, number", (double) redis.lasting());
    context.tell("open files, number", (double) files);
    context.tell("threads, number", (double) threads);
  }

  void addTo(Report.Section section) {
    section
        .row("keys of Redis", redis.keys())
        .row("of these without a TTL", redis.lasting())
        .row("Redis, MB", redis.bytes() / MEGA)
        .row("heap, MB", heapBytes / MEGA)
        .row("open files", files)
        .row("threads", threads);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d keys (%,d without a TTL), Redis %.1f MB, heap %.1f MB, %d files, %d threads",
        redis.keys(),
        redis.lasting(),
        redis.bytes() / MEGA,
        heapBytes / MEGA,
        files,
        threads);
  }
}
