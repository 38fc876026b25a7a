package io.multiswarm.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NodeBuffersTest {

  private static final int LIMIT = 1_000_000;

  private final NodeBuffers node = new NodeBuffers(LIMIT);
  private final List<FakePeer> peers = Stream.generate(FakePeer::new).limit(4).toList();
  private final List<Share> shares = peers.stream().map(node::share).toList();

  @Test
  void bytes_whileThereIsRoom_areForWhoAsks() {
    assertThat(shares.get(0).take(LIMIT)).isTrue();
    assertThat(node.held()).isEqualTo(LIMIT);
    shares.get(0).give(LIMIT);
    assertThat(node.held()).isZero();
  }

  @Test
  void bytes_withoutRoom_areRefusedToWhoHasMoreThanAnEqualShare() {
    shares.get(0).take(600_000);
    shares.get(1).take(300_000);

    assertThat(shares.get(0).take(200_000)).isFalse();

    assertThat(node.held()).isEqualTo(900_000);
    assertThat(peers.get(0).closed).isNull();
    assertThat(peers.get(1).closed).isNull();
  }

  @Test
  void bytes_withoutRoom_areForWhoHasLessAndTheGreediestIsClosed() {
    shares.get(0).take(600_000);
    shares.get(1).take(400_000);

    assertThat(shares.get(2).take(1_000)).isTrue();

    assertThat(peers.get(0).closed).isEqualTo(CloseCode.SLOW_CONSUMER);
    assertThat(peers.get(1).closed).isNull();
    assertThat(node.closedForRoom()).isEqualTo(1);
  }

  @Test
  void answers_thatNobodyReads_closeTheGreediestAlone() {
    shares.get(0).answers(700_000);
    shares.get(1).answers(200_000);
    shares.get(2).answers(200_000);

    assertThat(peers.get(0).closed).isEqualTo(CloseCode.SLOW_CONSUMER);
    assertThat(shares.get(0).isOverdrawn()).isTrue();
    assertThat(shares.get(1).isOverdrawn()).isFalse();
    assertThat(peers.get(1).closed).isNull();
  }

  @Test
  void window_ofEachSocket_isWhatThereIsForIt() {
    assertThat(node.window()).isEqualTo(LIMIT / 4);
    shares.forEach(Share::end);
    shares.forEach(Share::end);
    assertThat(node.window()).isEqualTo(512 << 10);
    for (int i = 0; i < 10_000; i++) {
      node.share(peers.get(0));
    }
    assertThat(node.window()).isEqualTo(4 << 10);
  }
}
