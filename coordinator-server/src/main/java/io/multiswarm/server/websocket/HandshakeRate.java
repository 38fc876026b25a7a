package io.multiswarm.server.websocket;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.multiswarm.server.auth.Addresses;
import io.multiswarm.server.session.SchedulerClock;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import reactor.core.scheduler.Scheduler;

/**
 * How many handshakes an address may begin a second, those of ten seconds at once; of the latest
 * ten thousand addresses. Safe for concurrent use.
 */
final class HandshakeRate {

  private static final int MOST_ADDRESSES = 10_000;
  private static final int BURST_SECONDS = 10;

  private final int perSecond;
  private final Scheduler scheduler;
  private final Map<InetAddress, Bucket> byAddress =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Bucket> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  /**
   * @param perSecond 0 for any number
   */
  HandshakeRate(int perSecond, Scheduler scheduler) {
    this.perSecond = perSecond;
    this.scheduler = scheduler;
  }

  /** How long to wait before one more; zero when it may begin, and then it counts. */
  Duration begins(InetAddress address) {
    if (perSecond == 0) {
      return Duration.ZERO;
    }
    ConsumptionProbe probe = bucket(Addresses.counted(address)).tryConsumeAndReturnRemaining(1);
    return probe.isConsumed()
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(1, probe.getNanosToWaitForRefill()));
  }

  private synchronized Bucket bucket(InetAddress address) {
    return byAddress.computeIfAbsent(
        address,
        any ->
            Bucket.builder()
                .withCustomTimePrecision(new SchedulerClock(scheduler))
                .addLimit(
                    limit ->
                        limit
                            .capacity((long) perSecond * BURST_SECONDS)
                            .refillGreedy(perSecond, Duration.ofSeconds(1)))
                .build());
  }
}
