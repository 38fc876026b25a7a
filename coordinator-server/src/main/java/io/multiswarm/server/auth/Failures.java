package io.multiswarm.server.auth;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which addresses failed to show a good token lately. After a few failures all that one of them
 * shows is looked at later, up to two seconds, good or bad: so nobody learns early that a guess was
 * wrong. Safe for concurrent use.
 */
final class Failures {

  static final int FREE = 5;
  static final Duration LONGEST = Duration.ofSeconds(2);

  private static final Duration FIRST = Duration.ofMillis(125);
  private static final Duration MEMORY = Duration.ofMinutes(1);
  private static final int MOST_ADDRESSES = 10_000;
  private static final int MOST_DOUBLINGS = 4;

  private record Failed(int times, Instant last) {}

  private final Map<InetAddress, Failed> byAddress =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Failed> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  synchronized void failed(InetAddress address, Instant now) {
    InetAddress counted = Addresses.counted(address);
    int times = times(counted, now) + 1;
    byAddress.remove(counted); // to be the youngest
    byAddress.put(counted, new Failed(times, now));
  }

  /** How long to wait before the next token from there is looked at. */
  synchronized Duration delay(InetAddress address, Instant now) {
    int times = times(Addresses.counted(address), now);
    if (times < FREE) {
      return Duration.ZERO;
    }
    return FIRST.multipliedBy(1L << Math.min(MOST_DOUBLINGS, times - FREE));
  }

  private int times(InetAddress counted, Instant now) {
    Failed failed = byAddress.get(counted);
    return failed == null || failed.last().plus(MEMORY).isBefore(now) ? 0 : failed.times();
  }
}
