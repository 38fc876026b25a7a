package io.multiswarm.server.session;

import io.github.bucket4j.Bucket;
import io.multiswarm.common.Ownership;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A line for each swarm that a session lost; of very many at once, how many they were. */
final class Losses {

  private static final Logger log = LoggerFactory.getLogger(Losses.class);

  private static final int AT_ONCE = 100;
  private static final int A_SECOND = 10;

  private final AtomicLong untold = new AtomicLong();
  private final Bucket lines =
      Bucket.builder()
          .withNanosecondPrecision()
          .addLimit(limit -> limit.capacity(AT_ONCE).refillGreedy(A_SECOND, Duration.ofSeconds(1)))
          .build();

  void tell(Session session, Ownership lost, String reason) {
    if (!lines.tryConsume(1)) {
      untold.incrementAndGet();
      return;
    }
    long others = untold.getAndSet(0);
    log.info(
        "swarm: {} is not session {}'s any more ({}, from {}): {}; what that still says for it is"
            + " FENCED{}",
        lost.swarmId(),
        session.id(),
        session.principal().name(),
        session.client().address().getHostAddress(),
        reason,
        others == 0 ? "" : "; " + others + " more before");
  }
}
