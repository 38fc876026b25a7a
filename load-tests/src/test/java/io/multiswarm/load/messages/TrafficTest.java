package io.multiswarm.load.messages;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.load.judge.ChannelPosition;
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
 * Connections that answer at once, and bring broadcasts back when they are told to. Traffic that
 * does not wait for that never ends.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class TrafficTest {

  private static final Duration LENGTH = Duration.ofMinutes(1);

  private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
  private final List<EchoingConnection> connections =
      IntStream.range(0, 3).mapToObj(sender -> new EchoingConnection(sender)).toList();

  @Test
  void flow_saturatingBroadcasts_haveNoMoreOnTheirWayThanTheWindow() {
    begin(100, 2, 1);
    EchoingConnection connection = connections.get(0);
    assertThat(connection.carried).containsExactly(0L, 1L);

    connection.echoes.heard(0);
    assertThat(connection.carried).containsExactly(0L, 1L, 2L);

    connection.echoes.giveUp();
    assertThat(connection.carried).containsExactly(0L, 1L, 2L, 3L, 4L);
  }

  @Test
  void flow_broadcastThatNeverComesBack_isNotWaitedForForEver() {
    begin(100, 1, 1);
    EchoingConnection connection = connections.get(0);
    assertThat(connection.carried).containsExactly(0L);

    clock.advanceTimeBy(Duration.ofSeconds(9));
    assertThat(connection.carried).containsExactly(0L);
    clock.advanceTimeBy(Duration.ofSeconds(1));
    assertThat(connection.carried).containsExactly(0L, 1L);
  }

  @Test
  void flow_fewerSendersThanLanes_leavesTheOthersSilent() {
    begin(100, 1, 2);

    assertThat(connections)
        .extracting(connection -> connection.carried.size())
        .containsExactly(1, 1, 0);
  }

  private void begin(int broadcastPercent, int window, int senders) {
    Pace saturating = Pace.of(0, LENGTH);
    new Traffic(saturating, Duration.ZERO, new Mix(broadcastPercent, 3), window, senders)
        .flow(
            List.copyOf(connections),
            message -> "everybody",
            new Observation(() -> clock.now(TimeUnit.NANOSECONDS)))
        .subscribe();
    clock.advanceTime();
  }

  private final class EchoingConnection implements SenderConnection {

    private final int sender;
    private final PendingEchoes echoes = new PendingEchoes();
    private final List<Long> carried = new ArrayList<>();

    EchoingConnection(int sender) {
      this.sender = sender;
    }

    @Override
    public Scheduler scheduler() {
      return clock;
    }

    @Override
    public int swarm(long index) {
      return sender;
    }

    @Override
    public Mono<Void> comesBack(TestMessage message) {
      return echoes.await(message.stamp().number());
    }

    @Override
    public Mono<ChannelPosition> send(TestMessage message) {
      carried.add(message.stamp().number());
      return Mono.just(new ChannelPosition("e", carried.size()));
    }
  }
}
