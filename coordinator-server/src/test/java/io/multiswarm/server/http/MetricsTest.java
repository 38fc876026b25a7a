package io.multiswarm.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class MetricsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void expositions_ofACrowd_areMadeTwiceAtMost() {
    Metrics metrics = new Metrics();
    Sinks.One<Boolean> asked = Sinks.one();
    AtomicInteger readings = new AtomicInteger();
    metrics.refreshedBy(
        Mono.defer(
            () -> {
              readings.incrementAndGet();
              return asked.asMono();
            }));
    List<CompletableFuture<String>> crowd =
        Stream.generate(() -> metrics.scrape().toFuture()).limit(500).toList();
    asked.tryEmitValue(true);

    assertThat(crowd)
        .allSatisfy(
            exposition ->
                assertThat(exposition)
                    .succeedsWithin(PATIENCE)
                    .asString()
                    .contains("process_uptime_seconds"));
    assertThat(readings).hasValue(2);
    metrics.close();
  }
}
