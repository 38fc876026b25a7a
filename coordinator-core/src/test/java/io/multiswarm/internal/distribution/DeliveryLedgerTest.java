package io.multiswarm.internal.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.messaging.ChannelEvent;
import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.Gap;
import io.multiswarm.messaging.Position;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DeliveryLedgerTest {

  private static final String CHANNEL = "swarm:c";

  private final DeliveryLedger ledger = new DeliveryLedger();

  @Test
  void everyOffsetOnce_orNamed_isKept() {
    take(message(1), message(2), gap(3, 7), message(8));

    assertThat(ledger.broken()).isNull();
    assertThat(ledger.next()).isEqualTo(9);
    assertThat(ledger.missing()).isEqualTo(5);
    assertThat(ledger.lastMissing()).isEqualTo(7);
  }

  @Test
  void lost_isFound() {
    take(message(1), message(3));

    assertThat(ledger.broken()).isEqualTo("message 3…3 where 2 was due");
  }

  @Test
  void duplicate_isFound() {
    take(message(1), message(1));

    assertThat(ledger.broken()).contains("where 2 was due");
  }

  @Test
  void outOfOrder_isFound() {
    take(message(2), message(1));

    assertThat(ledger.broken()).contains("message 2…2 where 1 was due");
  }

  @Test
  void gap_ofWhatWasDelivered_isFound() {
    take(message(1), message(2), gap(2, 5));

    assertThat(ledger.broken()).contains("gap 2…5 where 3 was due");
  }

  @Test
  void gap_thatHidesNothing_isFound() {
    take(message(1), gap(2, 1));

    assertThat(ledger.broken()).contains("gap 2…1");
  }

  @Test
  void newEpoch_isFound() {
    take(message(1), new Gap(CHANNEL, "2", 1, 0, Gap.Reason.EPOCH));

    assertThat(ledger.broken()).startsWith("unexpected");
  }

  private void take(ChannelEvent... events) {
    for (ChannelEvent event : events) {
      ledger.take(event);
    }
  }

  private static ChannelEvent message(long offset) {
    byte[] envelope = "{\"id\":\"m\"}".getBytes(StandardCharsets.UTF_8);
    return ChannelMessage.of(CHANNEL, new Position("1", offset), envelope, 1);
  }

  private static ChannelEvent gap(long from, long to) {
    return new Gap(CHANNEL, "1", from, to, Gap.Reason.TRIMMED);
  }
}
