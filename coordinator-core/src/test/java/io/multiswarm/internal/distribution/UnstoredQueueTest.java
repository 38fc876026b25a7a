package io.multiswarm.internal.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.multiswarm.messaging.ChannelMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnstoredQueueTest {

  private static final int MIB = 1 << 20;

  private final UnstoredQueue.Budget budget = new UnstoredQueue.Budget();

  private static ChannelMessage message(int bytes) {
    return ChannelMessage.live("swarm:s", new byte[bytes], 1);
  }

  @Test
  void offer_largeMessage_isTakenByAnEmptyQueueOnly() {
    UnstoredQueue queue = new UnstoredQueue(budget);

    assertThat(queue.offer(message(MIB))).isTrue();
    assertThat(queue.offer(message(10))).isFalse();
    queue.poll();
    assertThat(queue.offer(message(MIB))).isTrue();
  }

  @Test
  void offer_manyQueues_holdTogetherWhatTheBudgetAllows() {
    List<UnstoredQueue> queues = new ArrayList<>();
    int taken = 0;
    for (int i = 0; i < 100; i++) {
      UnstoredQueue queue = new UnstoredQueue(budget);
      queues.add(queue);
      taken += queue.offer(message(MIB)) ? 1 : 0;
    }
    assertThat(taken).isEqualTo(16);

    queues.forEach(UnstoredQueue::close);
    queues.forEach(queue -> assertThat(queue.offer(message(10))).isFalse());
    UnstoredQueue another = new UnstoredQueue(budget);
    assertThat(another.offer(message(MIB))).isTrue();
  }
}
