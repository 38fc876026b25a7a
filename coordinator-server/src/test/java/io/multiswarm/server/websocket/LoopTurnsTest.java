package io.multiswarm.server.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopTurnsTest {

  private final MockTicker time = Ticker.newMockTicker();
  private final EmbeddedChannel channel = EmbeddedChannel.builder().ticker(time).build();
  private final LoopTurns turns = new LoopTurns(channel.eventLoop());
  private final List<String> next = new ArrayList<>();

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private LoopTurns.Turn turn(String name) {
    return turns.turn(() -> next.add(name));
  }

  /** Whether the turn is over after so many slices. */
  private boolean uses(LoopTurns.Turn turn, double slices) {
    turn.begins();
    time.advance((long) (slices * LoopTurns.SLICE), TimeUnit.NANOSECONDS);
    return turn.isOver();
  }

  /** What the loop does between two looks at its sockets. */
  private List<String> look() {
    next.clear();
    channel.runScheduledPendingTasks();
    return List.copyOf(next);
  }

  @Test
  void turn_thatUsedASlice_waitsUntilTheSocketsWereLookedAt() {
    LoopTurns.Turn greedy = turn("greedy");
    assertThat(uses(greedy, 0.4)).isFalse();
    assertThat(uses(greedy, 0.4)).isFalse();
    assertThat(uses(greedy, 0.4)).isTrue();
    assertThat(next).isEmpty();
    assertThat(look()).containsExactly("greedy");
    assertThat(uses(greedy, 0.4)).isFalse();
  }

  @Test
  void turns_ofManyWhoWait_areGivenInTheirOrder() {
    for (String name : List.of("a", "b", "c")) {
      assertThat(uses(turn(name), 1)).isTrue();
    }
    assertThat(next).isEmpty();
    assertThat(look()).containsExactly("a", "b", "c");
  }

  @Test
  void turn_thatUsedMuch_letsOthersGoBefore() {
    assertThat(uses(turn("large"), 3.5)).isTrue();
    assertThat(uses(turn("small"), 1)).isTrue();
    assertThat(look()).containsExactly("small", "large");
  }

  @Test
  void turn_thatUsesLessThanAnEighth_neverWaits() {
    LoopTurns.Turn modest = turn("modest");
    for (int i = 0; i < 1_000; i++) {
      assertThat(uses(modest, 0.1)).isFalse();
      time.advance((long) (0.8 * LoopTurns.SLICE), TimeUnit.NANOSECONDS);
    }
  }

  @Test
  void turn_thatLeft_isNotGiven() {
    LoopTurns.Turn gone = turn("gone");
    assertThat(uses(gone, 1)).isTrue();
    gone.leave();
    assertThat(look()).isEmpty();
  }
}
