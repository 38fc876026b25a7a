package io.multiswarm.load.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class LatenciesTest {

  private static final Offset<Double> THREE_DIGITS = within(0.5);

  private static final int RECORDERS = 2;
  private static final int EACH = 500_000;

  private final Latencies latencies = new Latencies();

  @Test
  void total_oneToAThousandMillis_hasTheirPercentiles() {
    for (int millis = 1; millis <= 1000; millis++) {
      latencies.record(Duration.ofMillis(millis).toNanos());
    }

    Percentiles total = latencies.total();

    assertThat(total.count()).isEqualTo(1000);
    assertThat(total.p50()).isCloseTo(500, THREE_DIGITS);
    assertThat(total.p99()).isCloseTo(990, THREE_DIGITS);
    assertThat(total.max()).isCloseTo(1000, THREE_DIGITS);
  }

  @Test
  void interval_calledTwice_holdsWhatCameBetween() {
    latencies.record(Duration.ofMillis(1).toNanos());
    latencies.interval();
    latencies.record(Duration.ofMillis(9).toNanos());

    assertThat(latencies.interval().count()).isEqualTo(1);
    assertThat(latencies.total().count()).isEqualTo(2);
  }

  @Test
  void interval_onAThreadThatMustNotBlock_losesNothingThatOthersRecordMeanwhile() {
    var left = new AtomicInteger(RECORDERS);
    Flux.range(0, RECORDERS)
        .flatMap(
            any ->
                Mono.fromRunnable(() -> IntStream.range(0, EACH).forEach(latencies::record))
                    .doFinally(end -> left.decrementAndGet())
                    .subscribeOn(Schedulers.boundedElastic()))
        .subscribe();

    Mono<Long> read =
        Mono.fromCallable(() -> latencies.interval().count())
            .repeat(() -> left.get() > 0)
            .reduce(0L, Long::sum)
            .subscribeOn(Schedulers.parallel());

    long before = Objects.requireNonNull(read.block(Duration.ofSeconds(60)));
    assertThat(before + latencies.interval().count()).isEqualTo((long) RECORDERS * EACH);
  }

  @Test
  void record_outsideTheRange_countsAtItsEnd() {
    latencies.record(-5);
    latencies.record(Duration.ofHours(1).toNanos());

    assertThat(latencies.total().count()).isEqualTo(2);
    assertThat(latencies.total().max()).isCloseTo(300_000.0, within(300.0));
  }

  @Test
  void total_nothingRecorded_saysNone() {
    assertThat(latencies.total()).hasToString("none");
  }
}
