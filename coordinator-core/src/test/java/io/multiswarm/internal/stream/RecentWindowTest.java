package io.multiswarm.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.messaging.ChannelMessage;
import io.multiswarm.messaging.Position;
import org.junit.jupiter.api.Test;

class RecentWindowTest {

  private static final int BUDGET = 1_000_000;

  private final RecentWindow.Budget budget = new RecentWindow.Budget(BUDGET);
  private final RecentWindow window = new RecentWindow(budget);

  @Test
  void at_newestOffsets_areHeldAndOlderOnesAreNot() {
    for (int offset = 1; offset <= 1_000; offset++) {
      window.add(message("e", offset, 10));
    }
    assertThat(window.at("e", 1_000)).isNotNull();
    assertThat(window.at("e", 1_000 - 255)).isNotNull();
    assertThat(window.at("e", 1_000 - 256)).isNull();
    assertThat(window.at("e", 1_001)).isNull();
  }

  @Test
  void at_otherEpoch_isNotFound() {
    window.add(message("e", 7, 10));
    assertThat(window.at("f", 7)).isNull();
  }

  @Test
  void add_afterAHole_forgetsWhatWasBefore() {
    window.add(message("e", 1, 10));
    window.add(message("e", 3, 10));
    assertThat(window.at("e", 1)).isNull();
    assertThat(window.at("e", 3)).isNotNull();
  }

  @Test
  void add_largeMessages_staysWithinTheChannelsBytes() {
    for (int offset = 1; offset <= 100; offset++) {
      window.add(message("e", offset, 100_000));
    }
    assertThat(BUDGET - budget.free()).isBetween(400_000L, 512L << 10);
    assertThat(window.at("e", 100)).isNotNull();
    assertThat(window.at("e", 95)).isNull();
  }

  @Test
  void add_beyondTheSharedBudget_isNotKeptAndCostsNothing() {
    RecentWindow other = new RecentWindow(new RecentWindow.Budget(50));
    other.add(message("e", 1, 100));
    assertThat(other.at("e", 1)).isNull();
  }

  @Test
  void close_givesEveryByteBackAndTakesNothingMore() {
    for (int offset = 1; offset <= 300; offset++) {
      window.add(message("e", offset, 1_000));
    }
    window.close();
    window.add(message("e", 301, 1_000));
    assertThat(budget.free()).isEqualTo(BUDGET);
    assertThat(window.at("e", 300)).isNull();
    assertThat(window.at("e", 301)).isNull();
  }

  private static ChannelMessage message(String epoch, long offset, int size) {
    return ChannelMessage.of("swarm:x", new Position(epoch, offset), new byte[size], 1);
  }
}
