package io.multiswarm.load.messages;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.load.judge.Position;
import io.multiswarm.load.pace.Pace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Lanes that answer at once, and bring broadcasts back when they are told to. Traffic that does not
 * wait for that never ends.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class TrafficTest {

  private static final Duration LENGTH = Duration.ofMinutes(1);

  private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
  private final List<EchoLane> lanes =
      IntStream.range(0, 3).mapToObj(sender -> new EchoLane(sender)).toList();

  @Test
  void flow_saturatingBroadcasts_haveNoMoreOnTheirWayThanTheWindow() {
    begin(100, 2, 1);
    EchoLane lane = lanes.get(0);
    assertThat(lane.carried).containsExactly(0L, 1L);

    lane.echoes.heard(0);
    assertThat(lane.carried).containsExactly(0L, 1L, 2L);

    lane.echoes.giveUp();
    assertThat(lane.carried).containsExactly(0L, 1L, 2L, 3L, 4L);
  }

  @Test
  void flow_broadcastThatNeverComesBack_isNotWaitedForForEver() {
    begin(100, 1, 1);
    EchoLane lane = lanes.get(0);
    assertThat(lane.carried).containsExactly(0L);

    clock.advanceTimeBy(Duration.ofSeconds(9));
    assertThat(lane.carried).containsExactly(0L);
    clock.advanceTimeBy(Duration.ofSeconds(1));
    assertThat(lane.carried).containsExactly(0L, 1L);
  }

  @Test
  void flow_fewerSendersThanLanes_leavesTheOthersSilent() {
    begin(100, 1, 2);

    assertThat(lanes).extracting(lane -> lane.carried.size()).containsExactly(1, 1, 0);
  }

  private void begin(int broadcastPercent, int window, int senders) {
    Pace saturating = Pace.of(0, LENGTH);
    new Traffic(saturating, Duration.ZERO, new Mix(broadcastPercent, 3), window, senders)
        .flow(
            List.copyOf(lanes),
            letter -> "everybody",
            new Observation(() -> clock.now(TimeUnit.NANOSECONDS)))
        .subscribe();
    clock.advanceTime();
  }

  private final class EchoLane implements Lane {

    private final int sender;
    private final Echoes echoes = new Echoes();
    private final List<Long> carried = new ArrayList<>();

    EchoLane(int sender) {
      this.sender = sender;
    }

    @Override
    public Scheduler scheduler() {
      return clock;
    }

    @Override
    public int sender(long index) {
      return sender;
    }

    @Override
    public Mono<Void> comesBack(Letter letter) {
      return echoes.await(letter.stamp().number());
    }

    @Override
    public Mono<Position> carry(Letter letter) {
      carried.add(letter.stamp().number());
      return Mono.just(new Position("e", carried.size()));
    }
  }
}
